/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-facts-group.h"

#include "app/ui/format.h"
#include "app/ui/state-file.h"

#include <glib/gi18n.h>
#include <math.h>

/* Quarters of an hour: all zones on Earth. */
#define QUARTER (15 * 60)
#define WESTERNMOST (-12 * 4)
#define EASTERNMOST (14 * 4)

struct _OpClockFactsGroup
{
  AdwPreferencesGroup parent_instance;

  AdwActionRow       *offset_row;
  GtkLabel           *offset;
  GtkWidget          *check_again;
  AdwComboRow        *zone_row;
  AdwActionRow       *proposal_row;
  GtkButton          *proposal;
  AdwActionRow       *drift_row;
  GtkLabel           *drift;
  AdwActionRow       *passes_row;
  GtkLabel           *passes;
  GtkSpinButton      *threshold;

  OpClockKeeper      *keeper;
  gboolean            is_updating; /* what is shown follows the keeper, not a person */
};

G_DEFINE_FINAL_TYPE (OpClockFactsGroup, op_clock_facts_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHECK_AGAIN,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
update_offset (OpClockFactsGroup *self)
{
  const OpClockLook *look = op_clock_keeper_get_look (self->keeper);
  g_autofree char *text = NULL, *note = NULL;

  if (look == NULL)
    {
      gtk_label_set_label (self->offset, "–");
      adw_action_row_set_subtitle (self->offset_row, _("not looked at yet"));
      return;
    }
  text = op_format_offset_bounds (look->offset.offset_us, look->offset.uncertainty_us);
  note = g_strdup_printf (ngettext ("from %u exchange, shortest round trip %.0f ms",
                                    "from %u exchanges, shortest round trip %.0f ms", look->offset.n_readings),
                          look->offset.n_readings, ceil ((double) look->offset.round_trip_us / 1000));
  gtk_label_set_label (self->offset, text);
  adw_action_row_set_subtitle (self->offset_row, note);
}

static void
update_zone (OpClockFactsGroup *self)
{
  gboolean is_chosen;
  gint zone_s = op_clock_keeper_get_utc_offset (self->keeper, &is_chosen), proposed_s;
  gboolean is_proposed = op_clock_keeper_propose_utc_offset (self->keeper, &proposed_s)
                         && (!is_chosen || proposed_s != zone_s);

  self->is_updating = TRUE;
  adw_combo_row_set_selected (self->zone_row, (guint) (zone_s / QUARTER - WESTERNMOST));
  self->is_updating = FALSE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->zone_row),
                               is_chosen ? _("fixed: daylight saving never moves it")
                                         : _("not chosen yet: this computer’s without daylight saving"));
  gtk_widget_set_visible (GTK_WIDGET (self->proposal_row), is_proposed);
  if (is_proposed)
    {
      g_autofree char *proposed = op_format_utc_offset (proposed_s);
      g_autofree char *title = g_strdup_printf (_("The clock shows %s"), proposed);
      g_autofree char *label = g_strdup_printf (_("Keep %s"), proposed);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->proposal_row), title);
      gtk_button_set_label (self->proposal, label);
    }
}

/* Since the last step. */
static char *
dup_since (OpClockFactsGroup *self, const OpClockDrift *drift)
{
  const OpClockSegment *segment = &g_array_index (drift->segments, OpClockSegment, drift->segments->len - 1);
  const OpClockCheck *check = &g_array_index (drift->checks, OpClockCheck, segment->first);
  gint zone_s = op_clock_keeper_get_utc_offset (self->keeper, NULL);
  g_autofree char *date = op_format_time (op_time_from_unix_us (check->host_unix_us, zone_s), _("%-d %B %Y"));

  return drift->steps->len > 0 ? g_strdup_printf (_("since the last step on %s"), date)
                               : g_strdup_printf (_("since the first check on %s"), date);
}

static void
update_drift (OpClockFactsGroup *self)
{
  const OpClockDrift *drift = op_clock_keeper_get_drift (self->keeper);
  g_autofree char *since = drift != NULL ? dup_since (self, drift) : g_strdup ("");
  g_autofree char *text = NULL;

  adw_action_row_set_subtitle (self->drift_row, since);
  if (drift == NULL || !op_clock_rate_is_known (&drift->rate))
    {
      gtk_label_set_label (self->drift, _("not known yet"));
      return;
    }
  text = g_strdup_printf (_("%s%.1f ms a day (%.2f ± %.2f ppm)"), drift->rate.ppm < 0 ? "−" : "+",
                          fabs (1000 * op_clock_rate_get_seconds_a_day (&drift->rate)), fabs (drift->rate.ppm),
                          drift->rate.uncertainty_ppm);
  gtk_label_set_label (self->drift, text);
}

static char *
dup_passes (OpClockFactsGroup *self, double threshold_s)
{
  const OpClockDrift *drift = op_clock_keeper_get_drift (self->keeper);
  gint zone_s = op_clock_keeper_get_utc_offset (self->keeper, NULL);
  gint64 when_us = drift != NULL ? op_clock_drift_forecast (drift, llround (threshold_s * G_USEC_PER_SEC)) : G_MAXINT64;

  /* Which way it drifts has to be known for that. */
  if (when_us == G_MAXINT64)
    return g_strdup (drift != NULL && drift->rate.uncertainty_ppm < fabs (drift->rate.ppm)
                       ? _("not within a hundred years") : _("not known yet"));
  if (when_us <= g_get_real_time ())
    return g_strdup (_("now"));
  return op_format_time (op_time_from_unix_us (when_us, zone_s), _("%-d %B %Y"));
}

static void
update_threshold (OpClockFactsGroup *self)
{
  double threshold_s = gtk_spin_button_get_value (self->threshold);
  g_autofree char *title = g_strdup_printf (_("Passes your threshold of %g s"), threshold_s);
  g_autofree char *passes = dup_passes (self, threshold_s);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->passes_row), title);
  gtk_label_set_label (self->passes, passes);
}

static void
update (OpClockFactsGroup *self)
{
  gboolean is_idle = op_clock_keeper_get_state (self->keeper) == OP_CLOCK_IDLE;

  update_offset (self);
  update_zone (self);
  update_drift (self);
  update_threshold (self);
  gtk_widget_set_sensitive (self->check_again, is_idle);
  gtk_widget_set_sensitive (GTK_WIDGET (self->zone_row), is_idle);
  gtk_widget_set_sensitive (GTK_WIDGET (self->proposal), is_idle);
}

static void
on_threshold_changed_cb (OpClockFactsGroup *self)
{
  if (self->keeper == NULL)
    return;
  op_state_save_clock_threshold (gtk_spin_button_get_value (self->threshold));
  update_threshold (self);
}

static void
on_zone_kept_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockFactsGroup) self = OP_CLOCK_FACTS_GROUP (data);
  g_autoptr (GError) error = NULL;

  if (op_clock_keeper_set_utc_offset_finish (OP_CLOCK_KEEPER (object), result, &error) || self->keeper == NULL)
    return;
  update (self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
keep_zone (OpClockFactsGroup *self, gint utc_offset_s)
{
  op_clock_keeper_set_utc_offset_async (self->keeper, utc_offset_s, NULL, on_zone_kept_cb, g_object_ref (self));
}

static void
on_zone_selected_cb (OpClockFactsGroup *self)
{
  if (self->keeper != NULL && !self->is_updating)
    keep_zone (self, ((gint) adw_combo_row_get_selected (self->zone_row) + WESTERNMOST) * QUARTER);
}

static void
on_proposal_clicked_cb (OpClockFactsGroup *self)
{
  gint utc_offset_s;

  if (op_clock_keeper_propose_utc_offset (self->keeper, &utc_offset_s))
    keep_zone (self, utc_offset_s);
}

static void
on_check_again_cb (OpClockFactsGroup *self)
{
  g_signal_emit (self, signals[CHECK_AGAIN], 0);
}

static void
fill_zones (OpClockFactsGroup *self)
{
  g_autoptr (GtkStringList) zones = gtk_string_list_new (NULL);

  for (gint i = WESTERNMOST; i <= EASTERNMOST; i++)
    gtk_string_list_take (zones, op_format_utc_offset (i * QUARTER));
  self->is_updating = TRUE;
  adw_combo_row_set_model (self->zone_row, G_LIST_MODEL (zones));
  self->is_updating = FALSE;
}

static void
op_clock_facts_group_dispose (GObject *object)
{
  OpClockFactsGroup *self = OP_CLOCK_FACTS_GROUP (object);

  if (self->keeper != NULL)
    g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_clear_object (&self->keeper);
  G_OBJECT_CLASS (op_clock_facts_group_parent_class)->dispose (object);
}

static void
op_clock_facts_group_class_init (OpClockFactsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_clock_facts_group_dispose;
  signals[CHECK_AGAIN] = g_signal_new ("check-again", OP_TYPE_CLOCK_FACTS_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", OP_TYPE_CLOCK_FACTS_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-facts-group.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, offset_row);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, offset);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, check_again);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, zone_row);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, proposal_row);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, proposal);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, drift_row);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, drift);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, passes_row);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, passes);
  gtk_widget_class_bind_template_child (widget_class, OpClockFactsGroup, threshold);
  gtk_widget_class_bind_template_callback (widget_class, on_check_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_zone_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_proposal_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_threshold_changed_cb);
}

static void
op_clock_facts_group_init (OpClockFactsGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_zones (self);
  gtk_spin_button_set_value (self->threshold, op_state_get_clock_threshold ());
}

void
op_clock_facts_group_set_keeper (OpClockFactsGroup *self, OpClockKeeper *keeper)
{
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (keeper, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keeper, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
