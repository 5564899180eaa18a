/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-dialog.h"

#include "app/engine/clock-keeper.h"
#include "app/engine/station-hold.h"
#include "app/engine/time-sync.h"
#include "app/ui/accessible.h"
#include "app/ui/clock-face.h"
#include "app/ui/clock-facts-group.h"
#include "app/ui/clock-history-group.h"
#include "app/ui/clock-setting-group.h"
#include "app/ui/clock-status.h"
#include "app/ui/error-bar.h"
#include "app/ui/format.h"

#include <glib/gi18n.h>
#include <math.h>

/* So that the hundredths do not seem to stand still. */
#define TICK_MS        90
#define TICKS_A_PLAN   11

/* What the bar says while nothing runs. */
typedef enum
{
  VERDICT_NONE,   /* what stands against setting the clock, if anything does */
  VERDICT_RESULT,
  VERDICT_ERROR,  /* nothing: another bar tells */
} Verdict;

struct _OpClockDialog
{
  AdwWindow            parent_instance;

  AdwWindowTitle      *title;
  GtkWidget           *set_button;
  OpErrorBar          *error_bar;
  OpClockStatus       *status;
  AdwToastOverlay     *toasts;
  OpClockFace         *logger_face;
  OpClockFace         *computer_face;
  OpClockFactsGroup   *facts;
  OpClockSettingGroup *setting;
  OpClockHistoryGroup *history;

  OpClockKeeper       *keeper;      /* NULL: closed */
  GCancellable        *cancellable; /* of what runs */
  OpTimeSync           sync;
  gboolean             holds;       /* the connection */
  gboolean             sets;        /* what runs, or ran last */
  OpClockOrder         order;       /* of it */
  gboolean             was_sent;    /* it was cancelled too late */
  Verdict              verdict;
  char                *verdict_text;
  guint                timer;
  guint                n_ticks;
};

G_DEFINE_FINAL_TYPE (OpClockDialog, op_clock_dialog, ADW_TYPE_WINDOW)

static OpStation *
get_station (OpClockDialog *self)
{
  return op_clock_keeper_get_station (self->keeper);
}

static gboolean
is_working (OpClockDialog *self)
{
  return self->cancellable != NULL;
}

/* The faces */

static const char *
get_sync_words (OpTimeSync sync)
{
  switch (sync)
    {
    case OP_TIME_SYNC_ON:
      return _("synchronised by NTP");
    case OP_TIME_SYNC_WAITING:
      return _("not synchronised by NTP yet");
    case OP_TIME_SYNC_OFF:
      return _("not synchronised");
    case OP_TIME_SYNC_UNKNOWN:
      return _("not known whether synchronised");
    }
  g_assert_not_reached ();
}

/* "14:02:17 here (UTC+2)" where that is not the station's zone; NULL where it is. */
static char *
dup_time_here (gint64 now_us, gint utc_offset_s)
{
  g_autoptr (GDateTime) here = g_date_time_new_from_unix_local (now_us / G_USEC_PER_SEC);
  gint here_s = (gint) (g_date_time_get_utc_offset (here) / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format (here, "%T");
  g_autofree char *zone = op_format_utc_offset (here_s);

  return here_s != utc_offset_s ? g_strdup_printf (_("%s here (%s)"), time, zone) : NULL;
}

static void
update_faces (OpClockDialog *self)
{
  const OpClockLook *look = op_clock_keeper_get_look (self->keeper);
  gint64 now_us = g_get_real_time ();
  gboolean is_chosen;
  gint utc_offset_s = op_clock_keeper_get_utc_offset (self->keeper, &is_chosen);
  g_autofree char *zone = op_format_utc_offset (utc_offset_s);
  g_autofree char *fixed = g_strdup_printf (_("%s, fixed"), zone);
  g_autofree char *here = dup_time_here (now_us, utc_offset_s);
  const char *sync = get_sync_words (self->sync);
  g_autofree char *note = here != NULL ? g_strdup_printf ("%s\n%s", here, sync) : g_strdup (sync);

  op_clock_face_set_time (self->logger_face,
                          look != NULL ? op_clock_look_get_time (look, utc_offset_s, now_us) : OP_TIME_UNKNOWN);
  op_clock_face_set_note (self->logger_face, is_chosen ? fixed : zone, "");
  op_clock_face_set_time (self->computer_face, op_time_from_unix_us (now_us, utc_offset_s));
  op_clock_face_set_note (self->computer_face, zone, note);
}

/* The bar */

static void
show_setting (OpClockDialog *self)
{
  gint64 moment_us = op_clock_keeper_get_moment (self->keeper), left_us = moment_us - g_get_real_time ();
  g_autofree char *time = NULL, *left = NULL, *text = NULL;

  if (moment_us == 0 || left_us <= 0)
    {
      op_clock_status_show_work (self->status,
                                 moment_us == 0 ? _("Looking at the clock…") : _("Setting the clock…"), -1);
      return;
    }
  time = op_format_time (op_time_from_unix_us (moment_us, op_clock_keeper_get_utc_offset (self->keeper, NULL)), "%T");
  left = op_format_duration (ceil ((double) left_us / G_USEC_PER_SEC));
  text = g_strdup_printf (_("Waiting for a safe moment: will set at %s, in %s"), time, left);
  op_clock_status_show_work (self->status, text, -1);
}

static void
show_work (OpClockDialog *self)
{
  switch (op_clock_keeper_get_state (self->keeper))
    {
    case OP_CLOCK_COLLECTING:
      op_clock_status_show_work (self->status, _("Collecting new records first…"),
                                 op_station_get_fraction (get_station (self)));
      break;
    case OP_CLOCK_SETTING:
      show_setting (self);
      break;
    case OP_CLOCK_IDLE:
    case OP_CLOCK_CHECKING:
      op_clock_status_show_work (self->status, _("Connecting and looking at the clock…"), -1);
      break;
    }
}

/* What a person should know before setting the clock, which may be out of view. */
static void
show_warning (OpClockDialog *self)
{
  const char *harm = op_clock_setting_group_get_harm (self->setting);
  g_autofree char *text = NULL;

  if (harm != NULL)
    {
      text = g_strdup_printf (_("Setting the clock would harm records: %s"), harm);
      op_clock_status_show (self->status, GTK_MESSAGE_WARNING, text, _("Review"));
    }
  else if (self->sync == OP_TIME_SYNC_OFF || self->sync == OP_TIME_SYNC_WAITING)
    op_clock_status_show (self->status, GTK_MESSAGE_WARNING,
                          _("This computer’s own clock is not synchronised: the logger would take over its error"),
                          NULL);
  else
    op_clock_status_hide (self->status);
}

static void
update_status (OpClockDialog *self)
{
  if (is_working (self))
    show_work (self);
  else if (self->verdict == VERDICT_ERROR)
    op_clock_status_hide (self->status);
  else if (self->verdict == VERDICT_RESULT)
    op_clock_status_show (self->status, GTK_MESSAGE_INFO, self->verdict_text, NULL);
  else
    show_warning (self);
}

/* Takes @text. */
static void
set_verdict (OpClockDialog *self, Verdict verdict, char *text)
{
  g_free (self->verdict_text);
  self->verdict = verdict;
  self->verdict_text = text;
}

static void
update (OpClockDialog *self)
{
  if (self->keeper == NULL)
    return;
  gtk_widget_set_sensitive (self->set_button, !is_working (self) && op_clock_setting_group_is_ready (self->setting));
  update_faces (self);
  update_status (self);
}

static gboolean
on_tick_cb (gpointer data)
{
  OpClockDialog *self = data;

  if (++self->n_ticks % TICKS_A_PLAN == 0)
    op_clock_setting_group_tick (self->setting);
  update_faces (self);
  if (is_working (self))
    show_work (self);
  return G_SOURCE_CONTINUE;
}

/* Work */

static void start_check (OpClockDialog *self);

/* FALSE when the dialog was closed meanwhile. */
static gboolean
end_work (OpClockDialog *self)
{
  g_clear_object (&self->cancellable);
  return self->keeper != NULL;
}

/* Takes @error. */
static void
show_error (OpClockDialog *self, GError *error)
{
  g_autoptr (GError) owned = error;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      set_verdict (self, VERDICT_ERROR, NULL);
      op_error_bar_show (self->error_bar,
                         self->sets ? _("The Clock Could Not Be Set") : _("The Clock Could Not Be Read"), error);
    }
  else if (!self->sets)
    set_verdict (self, VERDICT_RESULT, g_strdup (_("Cancelled; the clock was not looked at")));
  else if (!self->was_sent)
    set_verdict (self, VERDICT_RESULT, g_strdup (_("Cancelled; the clock was left as it was")));
  else
    set_verdict (self, VERDICT_RESULT, g_strdup (_("Cancelled while the clock was being set: check it again")));
  update (self);
}

static void
on_checked_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockDialog) self = OP_CLOCK_DIALOG (data);
  GError *error = NULL;
  gboolean is_checked = op_clock_keeper_check_finish (OP_CLOCK_KEEPER (object), result, &error);

  if (!end_work (self))
    g_clear_error (&error);
  else if (is_checked)
    update (self);
  else
    show_error (self, error);
}

static char *
dup_result (const OpClockChange *change)
{
  const OpClockOffset *before = &change->before.offset, *after = &change->after.offset;
  g_autofree char *was = op_format_offset (before->offset_us, before->uncertainty_us);
  g_autofree char *is = op_format_offset_bounds (after->offset_us, after->uncertainty_us);

  return change->set ? g_strdup_printf (_("Was %s, now %s"), was, is)
                     : g_strdup_printf (_("The clock is right and was left alone: %s"), is);
}

static void
on_set_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockDialog) self = OP_CLOCK_DIALOG (data);
  GError *error = NULL;
  g_autofree OpClockChange *change = op_clock_keeper_set_finish (OP_CLOCK_KEEPER (object), result, &error);

  if (!end_work (self))
    g_clear_error (&error);
  else if (change == NULL)
    show_error (self, error);
  else
    {
      set_verdict (self, VERDICT_RESULT, dup_result (change));
      update (self);
    }
}

static void
begin_work (OpClockDialog *self, gboolean sets)
{
  set_verdict (self, VERDICT_NONE, NULL);
  op_error_bar_hide (self->error_bar);
  self->sets = sets;
  self->was_sent = FALSE;
  self->cancellable = g_cancellable_new ();
}

static void
start_set (OpClockDialog *self)
{
  if (is_working (self))
    return;
  begin_work (self, TRUE);
  op_clock_keeper_set_async (self->keeper, &self->order, op_clock_setting_group_collects (self->setting),
                             self->cancellable, on_set_cb, g_object_ref (self));
  update (self);
}

static void
look (OpClockDialog *self)
{
  op_clock_keeper_check_async (self->keeper, self->cancellable, on_checked_cb, g_object_ref (self));
}

static void
on_held_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockDialog) self = OP_CLOCK_DIALOG (data);
  GError *error = NULL;
  gboolean is_held = op_station_hold_finish (OP_STATION (object), result, &error);

  if (self->keeper == NULL)
    {
      end_work (self);
      g_clear_error (&error);
      if (is_held)
        op_station_release (OP_STATION (object));
      return;
    }
  self->holds = is_held;
  if (is_held)
    {
      look (self);
      return;
    }
  end_work (self);
  show_error (self, error);
}

static void
on_sync_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockDialog) self = OP_CLOCK_DIALOG (data);

  if (self->keeper == NULL)
    return;
  self->sync = op_time_sync_read_finish (result);
  op_clock_setting_group_set_sync (self->setting, self->sync);
  update (self);
}

/* The connection stays open as long as the dialog does, so that setting follows looking at once. */
static void
start_check (OpClockDialog *self)
{
  if (is_working (self))
    return;
  begin_work (self, FALSE);
  op_time_sync_read_async (NULL, NULL, on_sync_cb, g_object_ref (self));
  if (self->holds)
    look (self);
  else
    op_station_hold_async (get_station (self), self->cancellable, on_held_cb, g_object_ref (self));
  update (self);
}

static void
on_status_pressed_cb (OpClockDialog *self)
{
  const OpClockLook *look = op_clock_keeper_get_look (self->keeper);
  gint64 moment_us = op_clock_keeper_get_moment (self->keeper);

  if (is_working (self))
    {
      /* The command leaves half a round trip before the moment. */
      self->was_sent = moment_us != 0 && look != NULL
                       && g_get_real_time () >= moment_us - look->longest_round_trip_us;
      g_cancellable_cancel (self->cancellable);
    }
  else
    op_clock_setting_group_show_harm (self->setting);
}

static void
on_try_again_cb (OpClockDialog *self, gboolean has_code)
{
  /* A code is told when a connection is made. */
  if (has_code)
    op_station_disconnect (get_station (self));
  if (self->sets)
    start_set (self);
  else
    start_check (self);
}

static void
on_set_clicked_cb (OpClockDialog *self)
{
  self->order = op_clock_setting_group_make_order (self->setting, FALSE);
  start_set (self);
}

static void
on_set_to_time_cb (OpClockDialog *self)
{
  self->order = op_clock_setting_group_make_order (self->setting, TRUE);
  start_set (self);
}

static void
on_zone_failed_cb (OpClockDialog *self, const GError *error)
{
  self->sets = FALSE;
  show_error (self, g_error_copy (error));
}

static void
on_message_cb (OpClockDialog *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static void
on_loaded_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpClockDialog) self = OP_CLOCK_DIALOG (data);
  g_autoptr (GError) error = NULL;

  if (!op_clock_keeper_load_finish (OP_CLOCK_KEEPER (object), result, &error) && self->keeper != NULL)
    on_message_cb (self, error->message);
}

/* The object */

static void
op_clock_dialog_dispose (GObject *object)
{
  OpClockDialog *self = OP_CLOCK_DIALOG (object);

  /* What ends from here on finds the dialog closed. */
  g_autoptr (OpClockKeeper) keeper = g_steal_pointer (&self->keeper);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->holds)
    op_station_release (op_clock_keeper_get_station (keeper));
  self->holds = FALSE;
  G_OBJECT_CLASS (op_clock_dialog_parent_class)->dispose (object);
}

static void
op_clock_dialog_finalize (GObject *object)
{
  OpClockDialog *self = OP_CLOCK_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_free (self->verdict_text);
  G_OBJECT_CLASS (op_clock_dialog_parent_class)->finalize (object);
}

static void
op_clock_dialog_class_init (OpClockDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_clock_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = op_clock_dialog_finalize;
  g_type_ensure (OP_TYPE_CLOCK_FACE);
  g_type_ensure (OP_TYPE_CLOCK_FACTS_GROUP);
  g_type_ensure (OP_TYPE_CLOCK_HISTORY_GROUP);
  g_type_ensure (OP_TYPE_CLOCK_SETTING_GROUP);
  g_type_ensure (OP_TYPE_CLOCK_STATUS);
  g_type_ensure (OP_TYPE_ERROR_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, title);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, set_button);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, error_bar);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, status);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, logger_face);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, computer_face);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, facts);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, setting);
  gtk_widget_class_bind_template_child (widget_class, OpClockDialog, history);
  gtk_widget_class_bind_template_callback (widget_class, on_set_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_set_to_time_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_status_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_zone_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_message_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_check);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
op_clock_dialog_init (OpClockDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  op_accessible_name_toasts (self->toasts);
}

GtkWidget *
op_clock_dialog_new (GtkWindow *parent, OpStation *station)
{
  OpClockDialog *self = g_object_new (OP_TYPE_CLOCK_DIALOG, "transient-for", parent, "application",
                                      gtk_window_get_application (parent), NULL);

  self->keeper = op_clock_keeper_new (station);
  g_object_bind_property (station, "name", self->title, "subtitle", G_BINDING_SYNC_CREATE);
  op_error_bar_set_station (self->error_bar, station);
  op_clock_facts_group_set_keeper (self->facts, self->keeper);
  op_clock_setting_group_set_keeper (self->setting, self->keeper);
  op_clock_history_group_set_keeper (self->history, self->keeper);
  g_signal_connect_object (self->setting, "notify::ready", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->timer = g_timeout_add (TICK_MS, on_tick_cb, self);
  op_clock_keeper_load_async (self->keeper, NULL, on_loaded_cb, g_object_ref (self));
  start_check (self);
  return GTK_WIDGET (self);
}
