/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/overview-page.h"

#include "app/engine/interval-words.h"
#include "app/engine/live-values.h"
#include "app/ui/choose-fields.h"
#include "app/ui/dialog.h"
#include "app/ui/error-bar.h"
#include "app/ui/health-list.h"
#include "app/ui/live-card.h"
#include "app/ui/live-plot.h"
#include "app/ui/state-file.h"
#include "app/ui/value-editor.h"
#include "app/ui/value-setter.h"

#include <glib/gi18n.h>

#define DEFAULT_RATE    5
/* Fields that are in the plot as long as nobody says otherwise. */
#define N_DEFAULT_PLOTS 4
#define GRAY            0x8f8f8f

/* Seconds. */
static const guint rates[] = { 1, 2, 5, 10, 30, 60, 600 };

struct _OpOverviewPage
{
  AdwBin         parent_instance;

  OpErrorBar    *error_bar;
  GtkStack      *stack;
  GtkLabel      *name;
  GtkLabel      *about;
  GtkMenuButton *rate;
  GtkButton     *choose;
  GtkFlowBox    *cards;
  GtkFlowBox    *arrays;
  OpHealthList  *health;
  AdwBin        *plot_frame;
  OpLivePlot    *plot;

  OpStation     *station;
  OpLiveValues  *values;
  OpValueSetter *setter;
  gboolean       is_read;   /* once */
  gboolean       is_making; /* the cards are being made */
  char         **plotted;   /* names; NULL: nobody chose */
  GSimpleAction *rate_action;
};

G_DEFINE_FINAL_TYPE (OpOverviewPage, op_overview_page, ADW_TYPE_BIN)

enum
{
  SIGNAL_TOAST,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_toast_cb (OpOverviewPage *self, AdwToast *toast)
{
  g_signal_emit (self, signals[SIGNAL_TOAST], 0, toast);
}

/* A code that is missing can be entered; the rest is to be known only. */
static void
on_failed_cb (OpOverviewPage *self, const char *title, const GError *error)
{
  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY))
    op_error_bar_show (self->error_bar, title, error);
  else
    op_dialog_show_failure (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), title, error);
}

static void
on_entered_cb (OpOverviewPage *self, GBytes *values, OpValueEditor *editor)
{
  op_value_setter_set (self->setter, op_value_editor_get_span (editor), values, NULL);
}

static void
on_edit_cb (OpOverviewPage *self, guint element, OpLiveCard *card)
{
  OpLiveField *field = op_live_card_get_field (card);
  g_autoptr (OpValueSpan) span = op_value_span_slice (op_live_field_get_span (field), element, 1, NULL);
  g_autofree char *text = NULL;
  GtkWidget *editor;

  if (span == NULL || !op_live_field_has_value (field))
    return;
  text = op_live_field_dup_text (field, element);
  editor = op_value_editor_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), span, text);
  g_signal_connect_object (editor, "entered", G_CALLBACK (on_entered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
on_set_cb (OpOverviewPage *self, guint element, gboolean value, OpLiveCard *card)
{
  const char *const texts[] = { value ? "true" : "false", NULL };
  g_autoptr (OpValueSpan) span
    = op_value_span_slice (op_live_field_get_span (op_live_card_get_field (card)), element, 1, NULL);
  g_autoptr (GBytes) values = op_value_span_parse (span, texts, NULL);

  op_value_setter_set (self->setter, span, values, card);
}

typedef void (*CardFunc) (OpOverviewPage *self, OpLiveCard *card, gpointer data);

static void
for_each_card (OpOverviewPage *self, CardFunc func, gpointer data)
{
  GtkFlowBox *const boxes[] = { self->cards, self->arrays };

  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    for (GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (boxes[i])); card != NULL;
         card = gtk_widget_get_next_sibling (card))
      func (self, OP_LIVE_CARD (card), data);
}

static void
collect_plotted (OpOverviewPage *self, OpLiveCard *card, gpointer fields)
{
  if (op_live_card_get_plotted (card))
    g_ptr_array_add (fields, g_object_ref (op_live_card_get_field (card)));
}

static void
color_card (OpOverviewPage *self, OpLiveCard *card, gpointer data)
{
  guint32 color = GRAY;

  op_live_plot_get_color (self->plot, op_live_card_get_field (card), &color);
  op_live_card_set_color (card, color);
}

static void
update_plot (OpOverviewPage *self)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);

  for_each_card (self, collect_plotted, fields);
  op_live_plot_set_fields (self->plot, fields);
  gtk_widget_set_visible (GTK_WIDGET (self->plot_frame), fields->len > 0);
  for_each_card (self, color_card, NULL);
}

static void
add_plotted_name (OpOverviewPage *self, OpLiveCard *card, gpointer names)
{
  if (op_live_card_get_plotted (card))
    g_strv_builder_add (names, op_live_field_get_name (op_live_card_get_field (card)));
}

static void
on_plot_toggled_cb (OpOverviewPage *self)
{
  g_autoptr (GStrvBuilder) names = NULL;

  if (self->is_making)
    return;
  names = g_strv_builder_new ();
  for_each_card (self, add_plotted_name, names);
  g_strfreev (self->plotted);
  self->plotted = g_strv_builder_end (names);
  op_state_save_station_texts (op_station_get_id (self->station), "live-plotted", (const char *const *) self->plotted);
  update_plot (self);
}

static GtkWidget *
create_card (gpointer item, gpointer data)
{
  OpOverviewPage *self = OP_OVERVIEW_PAGE (data);
  GtkWidget *card = op_live_card_new (self->values, OP_LIVE_FIELD (item));

  g_signal_connect_object (card, "edit", G_CALLBACK (on_edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "set", G_CALLBACK (on_set_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "plot-toggled", G_CALLBACK (on_plot_toggled_cb), self, G_CONNECT_SWAPPED);
  return card;
}

/* Whether somebody wants @card in the plot: by name, or as one of the first numbers. */
static void
choose_plotted (OpOverviewPage *self, OpLiveCard *card, gpointer data)
{
  guint *n_left = data;
  const char *name = op_live_field_get_name (op_live_card_get_field (card));
  gboolean wanted = self->plotted != NULL ? g_strv_contains ((const char *const *) self->plotted, name) : *n_left > 0;

  op_live_card_set_plotted (card, wanted);
  if (op_live_card_get_plotted (card) && *n_left > 0)
    (*n_left)--;
}

static gboolean
is_array (gpointer item, gpointer wanted)
{
  const OpValueSpan *span = op_live_field_get_span (OP_LIVE_FIELD (item));

  return (span != NULL && span->count > 1) == GPOINTER_TO_INT (wanted);
}

static void
fill_box (OpOverviewPage *self, GtkFlowBox *box, gboolean arrays)
{
  GListModel *fields = op_live_values_get_fields (self->values);
  g_autoptr (GtkFilterListModel) model
    = gtk_filter_list_model_new (g_object_ref (fields),
                                 GTK_FILTER (gtk_custom_filter_new (is_array, GINT_TO_POINTER (arrays), NULL)));

  gtk_flow_box_bind_model (box, G_LIST_MODEL (model), create_card, self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (box), g_list_model_get_n_items (G_LIST_MODEL (model)) > 0);
}

/* Fields, or what the definitions say of them, changed. */
static void
make_cards (OpOverviewPage *self)
{
  guint n_left = N_DEFAULT_PLOTS;

  self->is_making = TRUE;
  fill_box (self, self->cards, FALSE);
  fill_box (self, self->arrays, TRUE);
  for_each_card (self, choose_plotted, &n_left);
  self->is_making = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->choose), op_live_values_get_tables (self->values) != NULL);
  update_plot (self);
}

static void
describe_station (OpOverviewPage *self)
{
  const OpIdentity *identity = op_station_get_identity (self->station);
  g_autoptr (GString) about = g_string_new (NULL);

  if (identity != NULL)
    {
      g_string_append (about, identity->model);
      if (identity->os_version[0] != '\0')
        g_string_append_printf (about, " · %s", identity->os_version);
      if (identity->serial_number[0] != '\0')
        g_string_append_printf (about, _(" · serial %s"), identity->serial_number);
      if (identity->pakbus_address != 0)
        g_string_append_printf (about, _(" · PakBus %u"), identity->pakbus_address);
      g_string_append (about, " · ");
    }
  g_string_append (about, op_station_get_uri (self->station));
  if (op_station_get_simulated (self->station))
    g_string_append (about, _(" · simulated"));
  gtk_label_set_label (self->about, about->str);
}

static void
on_read_cb (OpOverviewPage *self)
{
  if (!self->is_read)
    describe_station (self);
  self->is_read = TRUE;
  gtk_stack_set_visible_child_name (self->stack, "values");
  op_live_plot_refresh (self->plot);
}

static void
on_state_cb (OpOverviewPage *self)
{
  OpLiveState state = op_live_values_get_state (self->values);

  if (state == OP_LIVE_FAILED || state == OP_LIVE_WAITING)
    op_error_bar_show (self->error_bar,
                       state == OP_LIVE_FAILED ? _("No Connection") : _("No Connection; Trying Again by Itself"),
                       op_live_values_get_error (self->values));
  else if (state == OP_LIVE_RUNNING || state == OP_LIVE_STOPPED)
    op_error_bar_hide (self->error_bar);
  if (self->is_read)
    return;
  gtk_stack_set_visible_child_name (self->stack,
                                    state == OP_LIVE_FAILED || state == OP_LIVE_WAITING ? "none" : "connecting");
}

/* Another code needs another connection. */
static void
on_try_again_cb (OpOverviewPage *self, gboolean has_code)
{
  if (has_code)
    {
      op_live_values_stop (self->values);
      op_live_values_start (self->values);
    }
  else
    op_live_values_try_again (self->values);
}

static char *
dup_rate_text (guint seconds)
{
  g_autofree char *interval = op_interval_dup_words (seconds * OP_SECOND);

  return g_strdup_printf (_("Every %s"), interval);
}

static void
show_rate (OpOverviewPage *self, guint seconds)
{
  g_autofree char *text = dup_rate_text (seconds);

  g_simple_action_set_state (self->rate_action, g_variant_new_uint32 (seconds));
  gtk_menu_button_set_label (self->rate, text);
  op_live_values_set_interval (self->values, (gint64) seconds * G_USEC_PER_SEC);
}

static void
on_rate_activate_cb (GSimpleAction *action, GVariant *target, gpointer data)
{
  OpOverviewPage *self = OP_OVERVIEW_PAGE (data);
  guint seconds = g_variant_get_uint32 (target);
  g_autofree char *text = g_strdup_printf ("%u", seconds);
  const char *const texts[] = { text, NULL };

  show_rate (self, seconds);
  op_state_save_station_texts (op_station_get_id (self->station), "live-rate", texts);
}

static void
on_chosen_cb (OpOverviewPage *self, char **names)
{
  op_state_save_station_texts (op_station_get_id (self->station), "live-fields", (const char *const *) names);
  op_live_values_set_fields (self->values, (const char *const *) names);
  make_cards (self);
}

static void
on_choose_cb (OpOverviewPage *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) chosen = NULL;
  GListModel *fields = op_live_values_get_fields (self->values);
  GtkWidget *dialog;

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (OpLiveField) field = g_list_model_get_item (fields, i);

      g_strv_builder_add (names, op_live_field_get_name (field));
    }
  chosen = g_strv_builder_end (names);
  dialog = op_choose_fields_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                 op_live_values_get_tables (self->values), (const char *const *) chosen);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
fill_rates (OpOverviewPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autofree char *text = dup_rate_text (rates[i]);
      g_autoptr (GMenuItem) item = g_menu_item_new (text, NULL);

      g_menu_item_set_action_and_target (item, "overview.rate", "u", rates[i]);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->rate, G_MENU_MODEL (menu));
}

static guint
find_rate (char **texts)
{
  for (guint i = 0; texts != NULL && texts[0] != NULL && i < G_N_ELEMENTS (rates); i++)
    if (g_ascii_strtoull (texts[0], NULL, 10) == rates[i])
      return rates[i];
  return DEFAULT_RATE;
}

/* The choice is kept in what the program remembers. */
static void
restore (OpOverviewPage *self)
{
  gint64 id = op_station_get_id (self->station);
  g_auto (GStrv) names = op_state_dup_station_texts (id, "live-fields");
  g_auto (GStrv) rate = op_state_dup_station_texts (id, "live-rate");

  self->plotted = op_state_dup_station_texts (id, "live-plotted");
  show_rate (self, find_rate (rate));
  op_live_values_set_fields (self->values, (const char *const *) names);
}

static void
op_overview_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (op_overview_page_parent_class)->map (widget);
  op_live_values_start (OP_OVERVIEW_PAGE (widget)->values);
}

static void
op_overview_page_unmap (GtkWidget *widget)
{
  op_live_values_stop (OP_OVERVIEW_PAGE (widget)->values);
  GTK_WIDGET_CLASS (op_overview_page_parent_class)->unmap (widget);
}

static void
op_overview_page_dispose (GObject *object)
{
  OpOverviewPage *self = OP_OVERVIEW_PAGE (object);

  if (self->values != NULL)
    op_live_values_stop (self->values);
  g_clear_object (&self->setter);
  g_clear_object (&self->values);
  g_clear_object (&self->station);
  g_clear_pointer (&self->plotted, g_strfreev);
  g_clear_object (&self->rate_action);
  G_OBJECT_CLASS (op_overview_page_parent_class)->dispose (object);
}

static void
op_overview_page_class_init (OpOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_overview_page_dispose;
  widget_class->map = op_overview_page_map;
  widget_class->unmap = op_overview_page_unmap;
  signals[SIGNAL_TOAST] = g_signal_new ("toast", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, ADW_TYPE_TOAST);

  g_type_ensure (OP_TYPE_ERROR_BAR);
  g_type_ensure (OP_TYPE_HEALTH_LIST);
  g_type_ensure (OP_TYPE_LIVE_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, error_bar);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, name);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, about);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, rate);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, choose);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, cards);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, arrays);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, health);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, plot_frame);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, plot);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_cb);
}

static void
op_overview_page_init (OpOverviewPage *self)
{
  static const GActionEntry entries[] = {
    { "rate", on_rate_activate_cb, "u", "uint32 5", NULL, { 0 } },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  self->rate_action = G_SIMPLE_ACTION (g_object_ref (g_action_map_lookup_action (G_ACTION_MAP (actions), "rate")));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "overview", G_ACTION_GROUP (actions));
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_rates (self);
}

void
op_overview_page_set_station (OpOverviewPage *self, OpStation *station)
{
  self->station = g_object_ref (station);
  op_error_bar_set_station (self->error_bar, station);
  op_health_list_set_station (self->health, station);
  g_object_bind_property (station, "name", self->name, "label", G_BINDING_SYNC_CREATE);
  describe_station (self);
  self->values = op_live_values_new (station);
  self->setter = op_value_setter_new (self->values);
  g_signal_connect_object (self->setter, "toast", G_CALLBACK (on_toast_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->setter, "failed", G_CALLBACK (on_failed_cb), self, G_CONNECT_SWAPPED);
  restore (self);
  make_cards (self);
  g_signal_connect_object (self->values, "notify::tables", G_CALLBACK (make_cards), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->values, "notify::state", G_CALLBACK (on_state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->values, "read", G_CALLBACK (on_read_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_plot), self,
                           G_CONNECT_SWAPPED);
}
