/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-plan-row.h"

#include "app/ui/format.h"

#include <glib/gi18n.h>

/* A moment that is nearer than this is not worth telling. */
#define AT_ONCE_US (2 * G_USEC_PER_SEC)

struct _OpClockPlanRow
{
  AdwPreferencesRow parent_instance;

  GtkImage         *icon;
  GtkLabel         *title;
  GtkLabel         *effect;
  GtkCheckButton   *yes;
  GtkLabel         *yes_text;

  gboolean          is_needed;
  char             *harm; /* in words; NULL: none */
};

G_DEFINE_FINAL_TYPE (OpClockPlanRow, op_clock_plan_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  PROP_0,
  PROP_READY,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static char *
dup_title (const OpClockPlan *plan, gint utc_offset_s)
{
  g_autofree char *time = NULL;

  if (plan->at_unix_us - g_get_real_time () < AT_ONCE_US)
    return g_strdup (_("Will set at once"));
  time = op_format_time (op_time_from_unix_us (plan->at_unix_us, utc_offset_s), "%T");
  return g_strdup_printf (_("Will set at %s"), time);
}

static char *
dup_effect (const OpClockPlan *plan, const char *harm)
{
  g_autofree char *adjustment = op_format_offset (plan->adjustment_us, 0);

  if (harm != NULL)
    return g_strdup_printf (_("by %s; no moment within an hour is safe for all records: %s"), adjustment, harm);
  return g_strdup_printf (_("by %s; no record is skipped or stored twice"), adjustment);
}

static void
show (OpClockPlanRow *self, const char *icon, const char *style, const char *title, const char *effect)
{
  const char *styles[] = { style, NULL };

  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), styles);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->effect, effect);
  gtk_widget_set_visible (GTK_WIDGET (self->effect), effect[0] != '\0');
}

static void
show_plan (OpClockPlanRow *self, const OpClockPlan *plan, gint utc_offset_s)
{
  g_autofree char *title = dup_title (plan, utc_offset_s);
  g_autofree char *effect = dup_effect (plan, self->harm);

  if (self->harm != NULL)
    show (self, "dialog-warning-symbolic", "warning", title, effect);
  else
    show (self, "object-select-symbolic", "success", title, effect);
}

static void
update_question (OpClockPlanRow *self)
{
  g_autofree char *question = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->yes), self->harm != NULL);
  if (self->harm == NULL)
    {
      gtk_check_button_set_active (self->yes, FALSE);
      return;
    }
  question = g_strdup_printf (_("Set it although %s"), self->harm);
  gtk_label_set_label (self->yes_text, question);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->yes), GTK_ACCESSIBLE_PROPERTY_LABEL, question, -1);
}

static void
on_yes_toggled_cb (OpClockPlanRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
op_clock_plan_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_READY:
      g_value_set_boolean (value, op_clock_plan_row_is_ready (OP_CLOCK_PLAN_ROW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_clock_plan_row_finalize (GObject *object)
{
  g_free (OP_CLOCK_PLAN_ROW (object)->harm);
  G_OBJECT_CLASS (op_clock_plan_row_parent_class)->finalize (object);
}

static void
op_clock_plan_row_class_init (OpClockPlanRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = op_clock_plan_row_get_property;
  G_OBJECT_CLASS (klass)->finalize = op_clock_plan_row_finalize;
  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-plan-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockPlanRow, icon);
  gtk_widget_class_bind_template_child (widget_class, OpClockPlanRow, title);
  gtk_widget_class_bind_template_child (widget_class, OpClockPlanRow, effect);
  gtk_widget_class_bind_template_child (widget_class, OpClockPlanRow, yes);
  gtk_widget_class_bind_template_child (widget_class, OpClockPlanRow, yes_text);
  gtk_widget_class_bind_template_callback (widget_class, on_yes_toggled_cb);
}

static void
op_clock_plan_row_init (OpClockPlanRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
op_clock_plan_row_set_plan (OpClockPlanRow *self, const OpClockPlan *plan, gint utc_offset_s, const char *reason)
{
  g_free (self->harm);
  self->is_needed = plan != NULL && plan->is_needed;
  self->harm = self->is_needed ? op_clock_plan_dup_harm (plan) : NULL;
  if (plan == NULL)
    show (self, "content-loading-symbolic", "dim-label", reason, "");
  else if (!plan->is_needed)
    show (self, "object-select-symbolic", "success", _("The clock is right: there is nothing to set"), "");
  else
    show_plan (self, plan, utc_offset_s);
  update_question (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

gboolean
op_clock_plan_row_is_ready (OpClockPlanRow *self)
{
  return self->is_needed && op_clock_plan_row_get_harm (self) == NULL;
}

gboolean
op_clock_plan_row_accepts (OpClockPlanRow *self)
{
  return gtk_check_button_get_active (self->yes);
}

void
op_clock_plan_row_ask_anew (OpClockPlanRow *self)
{
  gtk_check_button_set_active (self->yes, FALSE);
}

const char *
op_clock_plan_row_get_harm (OpClockPlanRow *self)
{
  return op_clock_plan_row_accepts (self) ? NULL : self->harm;
}

void
op_clock_plan_row_focus (OpClockPlanRow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->yes));
}
