/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-setting-group.h"

#include "app/ui/clock-plan-row.h"

#include <glib/gi18n.h>

struct _OpClockSettingGroup
{
  AdwPreferencesGroup parent_instance;

  GtkSwitch          *collect;
  AdwActionRow       *warning;
  OpClockPlanRow     *plan;
  AdwExpanderRow     *experts;
  GtkEditable        *time;
  OpClockPlanRow     *time_plan;
  GtkWidget          *set_to_time;

  OpClockKeeper      *keeper;
};

G_DEFINE_FINAL_TYPE (OpClockSettingGroup, op_clock_setting_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  PROP_0,
  PROP_READY,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];
static guint set_to_time_signal;

static gboolean
is_idle (OpClockSettingGroup *self)
{
  return op_clock_keeper_get_state (self->keeper) == OP_CLOCK_IDLE;
}

static gboolean
get_entered_time (OpClockSettingGroup *self, OpTime *time)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->time)));

  return op_time_parse (text, time) && *time != OP_TIME_UNKNOWN;
}

static void
plan (OpClockSettingGroup *self)
{
  OpClockOrder order = op_clock_setting_group_make_order (self, FALSE);
  g_autoptr (OpClockPlan) plan = op_clock_keeper_plan (self->keeper, &order);

  op_clock_plan_row_set_plan (self->plan, plan, op_clock_keeper_get_utc_offset (self->keeper, NULL),
                              _("What setting it will do is known when the clock was looked at"));
}

static void
plan_for_time (OpClockSettingGroup *self)
{
  OpClockOrder order = op_clock_setting_group_make_order (self, TRUE);
  OpTime time;
  gboolean is_time = get_entered_time (self, &time);
  g_autoptr (OpClockPlan) plan = is_time ? op_clock_keeper_plan (self->keeper, &order) : NULL;

  op_clock_plan_row_set_plan (self->time_plan, plan, op_clock_keeper_get_utc_offset (self->keeper, NULL),
                              is_time ? _("What setting it will do is known when the clock was looked at")
                                      : _("Enter a time such as 2026-11-27 09:30:00"));
  gtk_widget_set_sensitive (self->set_to_time, is_idle (self) && op_clock_plan_row_is_ready (self->time_plan));
}

/* While the clock is being set, what was going to happen stays on show. */
static void
update (OpClockSettingGroup *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self), is_idle (self));
  if (is_idle (self))
    {
      plan (self);
      if (adw_expander_row_get_expanded (self->experts))
        plan_for_time (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
on_changed_cb (OpClockSettingGroup *self)
{
  op_clock_plan_row_ask_anew (self->plan);
  op_clock_plan_row_ask_anew (self->time_plan);
  update (self);
}

static void
on_ready_cb (OpClockSettingGroup *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
on_time_ready_cb (OpClockSettingGroup *self)
{
  gtk_widget_set_sensitive (self->set_to_time, is_idle (self) && op_clock_plan_row_is_ready (self->time_plan));
}

static void
on_time_changed_cb (OpClockSettingGroup *self)
{
  op_clock_plan_row_ask_anew (self->time_plan);
  plan_for_time (self);
}

/* The time that the clock should show stands there to be changed. */
static void
on_expanded_cb (OpClockSettingGroup *self)
{
  char text[OP_TIME_TEXT_SIZE];
  gint64 now_us = g_get_real_time ();

  if (!adw_expander_row_get_expanded (self->experts))
    return;
  op_time_format (op_time_from_unix_us (now_us - now_us % G_USEC_PER_SEC,
                                        op_clock_keeper_get_utc_offset (self->keeper, NULL)), text);
  gtk_editable_set_text (self->time, text);
}

static void
on_set_to_time_cb (OpClockSettingGroup *self)
{
  g_signal_emit (self, set_to_time_signal, 0);
}

static void
op_clock_setting_group_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_READY:
      g_value_set_boolean (value, op_clock_setting_group_is_ready (OP_CLOCK_SETTING_GROUP (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_clock_setting_group_dispose (GObject *object)
{
  OpClockSettingGroup *self = OP_CLOCK_SETTING_GROUP (object);

  if (self->keeper != NULL)
    g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_clear_object (&self->keeper);
  G_OBJECT_CLASS (op_clock_setting_group_parent_class)->dispose (object);
}

static void
op_clock_setting_group_class_init (OpClockSettingGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = op_clock_setting_group_get_property;
  G_OBJECT_CLASS (klass)->dispose = op_clock_setting_group_dispose;
  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  set_to_time_signal = g_signal_new ("set-to-time", OP_TYPE_CLOCK_SETTING_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
  g_type_ensure (OP_TYPE_CLOCK_PLAN_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-setting-group.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, collect);
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, warning);
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, plan);
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, experts);
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, time);
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, time_plan);
  gtk_widget_class_bind_template_child (widget_class, OpClockSettingGroup, set_to_time);
  gtk_widget_class_bind_template_callback (widget_class, on_ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_time_ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_time_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_set_to_time_cb);
}

static void
op_clock_setting_group_init (OpClockSettingGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
op_clock_setting_group_set_keeper (OpClockSettingGroup *self, OpClockKeeper *keeper)
{
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (keeper, "changed", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keeper, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
op_clock_setting_group_set_sync (OpClockSettingGroup *self, OpTimeSync sync)
{
  gtk_widget_set_visible (GTK_WIDGET (self->warning), sync == OP_TIME_SYNC_OFF || sync == OP_TIME_SYNC_WAITING);
}

void
op_clock_setting_group_tick (OpClockSettingGroup *self)
{
  update (self);
}

gboolean
op_clock_setting_group_is_ready (OpClockSettingGroup *self)
{
  return is_idle (self) && op_clock_plan_row_is_ready (self->plan);
}

const char *
op_clock_setting_group_get_harm (OpClockSettingGroup *self)
{
  return op_clock_plan_row_get_harm (self->plan);
}

void
op_clock_setting_group_show_harm (OpClockSettingGroup *self)
{
  op_clock_plan_row_focus (self->plan);
}

gboolean
op_clock_setting_group_collects (OpClockSettingGroup *self)
{
  return gtk_switch_get_active (self->collect);
}

OpClockOrder
op_clock_setting_group_make_order (OpClockSettingGroup *self, gboolean to_time)
{
  OpClockOrder order = { .accept_harm = op_clock_plan_row_accepts (to_time ? self->time_plan : self->plan) };
  OpTime time;

  if (to_time && get_entered_time (self, &time))
    order.goal_us = op_time_to_unix_us (time, op_clock_keeper_get_utc_offset (self->keeper, NULL)) - g_get_real_time ();
  return order;
}
