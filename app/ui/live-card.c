/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/live-card.h"

#include "app/ui/format.h"
#include "app/ui/sparkline.h"
#include "app/ui/value-grid.h"

#include <glib/gi18n.h>

struct _OpLiveCard
{
  GtkFlowBoxChild  parent_instance;

  GtkLabel        *name;
  GtkToggleButton *plotted;
  GtkButton       *edit;
  GtkStack        *stack;
  GtkLabel        *value;
  GtkLabel        *units;
  GtkSwitch       *flag;
  OpValueGrid     *grid;
  OpSparkline     *line;
  GtkImage        *warning;
  GtkLabel        *note;

  OpLiveValues    *values;
  OpLiveField     *field;
  gboolean         is_placed;  /* the definitions have told what to show */
  gboolean         is_setting; /* what a person wants is on its way */
  gboolean         is_syncing;
};

G_DEFINE_FINAL_TYPE (OpLiveCard, op_live_card, GTK_TYPE_FLOW_BOX_CHILD)

enum
{
  SIGNAL_EDIT,
  SIGNAL_SET,
  SIGNAL_PLOT_TOGGLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_array (OpLiveCard *self)
{
  return op_live_field_get_span (self->field)->count > 1;
}

static gboolean
is_number (OpLiveCard *self)
{
  return op_type_kind (op_live_field_get_span (self->field)->type) == OP_KIND_NUMBER;
}

/* Chooses what shows the value, once it is known what kind of value that is. */
static void
place (OpLiveCard *self)
{
  gboolean is_flag = op_live_field_is_switch (self->field);
  g_autofree char *edit = NULL;

  if (self->is_placed || op_live_field_get_span (self->field) == NULL)
    return;
  self->is_placed = TRUE;
  edit = g_strdup_printf (_("Set %s"), op_live_field_get_span (self->field)->field);
  gtk_stack_set_visible_child_name (self->stack, is_array (self) ? "grid" : is_flag ? "switch" : "value");
  gtk_widget_set_visible (GTK_WIDGET (self->edit),
                          !is_array (self) && !is_flag && op_live_field_is_writable (self->field));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->edit), edit);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->edit), GTK_ACCESSIBLE_PROPERTY_LABEL, edit, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->plotted), is_number (self) && !is_flag);
  gtk_widget_set_visible (GTK_WIDGET (self->line), is_number (self) && !is_flag && !is_array (self));
  gtk_widget_add_css_class (GTK_WIDGET (self->value), is_number (self) ? "title-1" : "title-4");
  gtk_label_set_label (self->units, op_live_field_get_units (self->field));
  gtk_widget_set_sensitive (GTK_WIDGET (self->flag), op_live_field_is_writable (self->field));
  if (is_array (self))
    op_value_grid_set_field (self->grid, self->field);
  else if (is_number (self))
    op_sparkline_set_field (self->line, self->field);
}

static void
show_value (OpLiveCard *self)
{
  g_autofree char *exact = op_live_field_dup_text (self->field, 0);
  g_autofree char *shown = is_number (self) ? op_format_value (op_live_field_get_span (self->field)->type,
                                                               op_live_field_get_number (self->field, 0))
                                            : g_strdup (exact);

  gtk_label_set_label (self->value, shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->value), exact);
}

static char *
dup_note (OpLiveCard *self)
{
  const char *reason = op_live_field_get_reason (self->field);
  char time[OP_TIME_TEXT_SIZE] = "";
  const char *day_time = time;
  g_autofree char *interval = NULL;

  if (!op_live_field_has_value (self->field))
    return g_strdup (reason);
  op_time_format (op_live_field_get_time (self->field), time);
  if (strchr (time, ' ') != NULL)
    day_time = strchr (time, ' ') + 1;
  if (op_live_field_get_state (self->field) == OP_LIVE_FIELD_STALE)
    /* Translators: when the value was measured, and why it may be another now */
    return g_strdup_printf (_("%s · Stale: %s"), time, reason);
  interval = op_format_duration ((double) op_live_values_get_interval (self->values) / G_USEC_PER_SEC);
  /* Translators: when the value was measured, and how often it is read: "14:02:15 · every 5 s" */
  return g_strdup_printf (_("%s · every %s"), day_time, interval);
}

static void
show_field (OpLiveCard *self)
{
  OpLiveFieldState state;
  gboolean is_bad;
  g_autofree char *note = NULL;

  /* Who waits for a value that is being set keeps a card that is gone. */
  if (self->field == NULL)
    return;
  state = op_live_field_get_state (self->field);
  is_bad = state == OP_LIVE_FIELD_STALE || state == OP_LIVE_FIELD_FAILED;
  note = dup_note (self);
  place (self);
  gtk_label_set_label (self->note, note);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note), op_live_field_get_reason (self->field));
  gtk_widget_set_visible (GTK_WIDGET (self->warning), is_bad);
  if (is_bad)
    gtk_widget_add_css_class (GTK_WIDGET (self), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "stale");
  if (!op_live_field_has_value (self->field) || self->is_setting)
    return;
  self->is_syncing = TRUE;
  if (is_array (self))
    op_value_grid_sync (self->grid);
  else if (op_live_field_is_switch (self->field))
    gtk_switch_set_active (self->flag, op_live_field_get_number (self->field, 0) != 0);
  else
    show_value (self);
  self->is_syncing = FALSE;
}

static void
on_plotted_cb (OpLiveCard *self)
{
  g_signal_emit (self, signals[SIGNAL_PLOT_TOGGLED], 0);
}

static void
on_edit_cb (OpLiveCard *self)
{
  g_signal_emit (self, signals[SIGNAL_EDIT], 0, 0);
}

static void
on_grid_edit_cb (OpLiveCard *self, guint element)
{
  g_signal_emit (self, signals[SIGNAL_EDIT], 0, element);
}

static void
set_flag (OpLiveCard *self, guint element, gboolean value)
{
  self->is_setting = TRUE;
  g_signal_emit (self, signals[SIGNAL_SET], 0, element, value);
}

static void
on_grid_set_cb (OpLiveCard *self, guint element, gboolean value)
{
  set_flag (self, element, value);
}

static void
on_flag_cb (OpLiveCard *self)
{
  if (!self->is_syncing)
    set_flag (self, 0, gtk_switch_get_active (self->flag));
}

static void
op_live_card_dispose (GObject *object)
{
  OpLiveCard *self = OP_LIVE_CARD (object);

  g_clear_object (&self->values);
  g_clear_object (&self->field);
  G_OBJECT_CLASS (op_live_card_parent_class)->dispose (object);
}

static void
op_live_card_class_init (OpLiveCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_live_card_dispose;
  signals[SIGNAL_EDIT]
    = g_signal_new ("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_SET] = g_signal_new ("set", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT,
                                      G_TYPE_BOOLEAN);
  signals[SIGNAL_PLOT_TOGGLED]
    = g_signal_new ("plot-toggled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OP_TYPE_SPARKLINE);
  g_type_ensure (OP_TYPE_VALUE_GRID);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/live-card.ui");
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, name);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, plotted);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, edit);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, stack);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, value);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, units);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, flag);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, grid);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, line);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, warning);
  gtk_widget_class_bind_template_child (widget_class, OpLiveCard, note);
  gtk_widget_class_bind_template_callback (widget_class, on_plotted_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_flag_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_grid_edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_grid_set_cb);
}

static void
op_live_card_init (OpLiveCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* "Public.AirTC" is called AirTC; of other tables the table is named too. */
static const char *
get_short_name (const char *name)
{
  return g_ascii_strncasecmp (name, "Public.", strlen ("Public.")) == 0 ? name + strlen ("Public.") : name;
}

GtkWidget *
op_live_card_new (OpLiveValues *values, OpLiveField *field)
{
  OpLiveCard *self = g_object_new (OP_TYPE_LIVE_CARD, NULL);
  const char *name = get_short_name (op_live_field_get_name (field));
  g_autofree char *plot = g_strdup_printf (_("Show %s in the Plot"), name);

  self->values = g_object_ref (values);
  self->field = g_object_ref (field);
  gtk_label_set_label (self->name, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->flag), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->plotted), GTK_ACCESSIBLE_PROPERTY_LABEL, plot, -1);
  g_signal_connect_object (field, "changed", G_CALLBACK (show_field), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (values, "notify::interval", G_CALLBACK (show_field), self, G_CONNECT_SWAPPED);
  show_field (self);
  return GTK_WIDGET (self);
}

OpLiveField *
op_live_card_get_field (OpLiveCard *self)
{
  return self->field;
}

gboolean
op_live_card_get_plotted (OpLiveCard *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->plotted)) && gtk_toggle_button_get_active (self->plotted);
}

void
op_live_card_set_plotted (OpLiveCard *self, gboolean plotted)
{
  gtk_toggle_button_set_active (self->plotted, plotted);
}

void
op_live_card_set_color (OpLiveCard *self, guint32 color)
{
  op_sparkline_set_color (self->line, color);
}

void
op_live_card_settle (OpLiveCard *self)
{
  self->is_setting = FALSE;
  show_field (self);
}
