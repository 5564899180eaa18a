/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/overview-page.h"

#include "app/engine/live-values.h"
#include "app/ui/choose-fields.h"
#include "app/ui/dialog.h"
#include "app/ui/error-bar.h"
#include "app/ui/format.h"
#include "app/ui/live-card.h"
#include "app/ui/live-plot.h"
#include "app/ui/state-file.h"
#include "app/ui/value-editor.h"

#include <glib/gi18n.h>

#define DEFAULT_RATE    2 /* its place in rates */
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
  GtkDropDown   *rate;
  GtkButton     *choose;
  GtkFlowBox    *cards;
  GtkFlowBox    *arrays;
  AdwBin        *plot_frame;
  OpLivePlot    *plot;

  OpStation     *station;
  OpLiveValues  *values;
  gboolean       is_read;   /* once */
  gboolean       is_making; /* the cards are being made */
  char         **plotted;   /* names; NULL: nobody chose */
};

G_DEFINE_FINAL_TYPE (OpOverviewPage, op_overview_page, ADW_TYPE_BIN)

enum
{
  SIGNAL_TOAST,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A value that is written, or written back. */
typedef struct
{
  OpOverviewPage *page;
  OpLiveCard     *card;   /* NULL: none waits for it */
  OpValueSpan    *span;
  gboolean        undoes;
} Setting;

static void write_values (Setting *setting, GBytes *values);

static Setting *
setting_new (OpOverviewPage *page, OpLiveCard *card, const OpValueSpan *span)
{
  Setting *setting = g_new0 (Setting, 1);

  setting->page = g_object_ref (page);
  setting->card = card != NULL ? g_object_ref (card) : NULL;
  setting->span = op_value_span_copy (span);
  return setting;
}

static void
setting_free (Setting *setting)
{
  g_object_unref (setting->page);
  g_clear_object (&setting->card);
  op_value_span_free (setting->span);
  g_free (setting);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Setting, setting_free)

/* What the toast's Undo needs. */
typedef struct
{
  OpOverviewPage *page; /* outlives its toasts */
  OpValueSpan    *span;
  GBytes         *before;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  op_value_span_free (undo->span);
  g_bytes_unref (undo->before);
  g_free (undo);
}

static void
on_undo_cb (AdwToast *message, Undo *undo)
{
  Setting *setting = setting_new (undo->page, NULL, undo->span);

  setting->undoes = TRUE;
  write_values (setting, undo->before);
}

static AdwToast *
create_toast (const Setting *setting, const OpWritten *written)
{
  const char *field = setting->span->field;
  g_autofree char *value = written->after != NULL ? op_value_span_dup_text (setting->span, written->after, 0) : NULL;
  g_autofree char *text = NULL;
  AdwToast *message;
  Undo *undo;

  if (written->reboots)
    text = g_strdup_printf (_("%s is set; the logger restarts to use it"), field);
  else if (!written->is_kept)
    text = g_strdup_printf (_("%s was set, but the program has set it to %s already"), field, value);
  else if (setting->undoes)
    text = g_strdup_printf (_("%s is %s again"), field, value);
  else
    text = g_strdup_printf (_("%s is now %s"), field, value);
  message = adw_toast_new (text);
  if (setting->undoes || !written->is_kept || written->reboots)
    return message;
  undo = g_new (Undo, 1);
  *undo = (Undo) { setting->page, op_value_span_copy (setting->span), g_bytes_ref (written->before) };
  adw_toast_set_button_label (message, _("Undo"));
  g_signal_connect_data (message, "button-clicked", G_CALLBACK (on_undo_cb), undo, undo_free, 0);
  return message;
}

static void
show_failure (OpOverviewPage *self, const OpValueSpan *span, const GError *error)
{
  g_autofree char *title = g_strdup_printf (_("%s Could Not Be Set"), span->field);

  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY))
    op_error_bar_show (self->error_bar, title, error);
  else
    op_dialog_show_failure (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), title, error);
}

static void
on_written_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (Setting) setting = data;
  OpOverviewPage *self = setting->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpWritten) written = op_live_values_write_finish (OP_LIVE_VALUES (object), result, &error);
  g_autoptr (AdwToast) toast = NULL;

  if (self->values == NULL)
    return;
  if (setting->card != NULL)
    op_live_card_settle (setting->card);
  if (written == NULL)
    {
      show_failure (self, setting->span, error);
      return;
    }
  toast = g_object_ref_sink (create_toast (setting, written));
  g_signal_emit (self, signals[SIGNAL_TOAST], 0, toast);
}

/* Takes @setting. */
static void
write_values (Setting *setting, GBytes *values)
{
  op_live_values_write_async (setting->page->values, setting->span, values, NULL, on_written_cb, setting);
}

static void
on_entered_cb (OpOverviewPage *self, GBytes *values, OpValueEditor *editor)
{
  write_values (setting_new (self, NULL, op_value_editor_get_span (editor)), values);
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

  write_values (setting_new (self, card, span), values);
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

static void
on_rate_cb (OpOverviewPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->rate);
  g_autofree char *text = NULL;
  const char *texts[] = { NULL, NULL };

  if (self->values == NULL || selected >= G_N_ELEMENTS (rates))
    return;
  texts[0] = text = g_strdup_printf ("%u", rates[selected]);
  op_live_values_set_interval (self->values, (gint64) rates[selected] * G_USEC_PER_SEC);
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
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autofree char *interval = op_format_interval (rates[i] * OP_SECOND);

      gtk_string_list_take (list, g_strdup_printf (_("Every %s"), interval));
    }
  gtk_drop_down_set_model (self->rate, G_LIST_MODEL (list));
}

static guint
find_rate (const char *text)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (rates); i++)
    if (g_ascii_strtoull (text, NULL, 10) == rates[i])
      return i;
  return DEFAULT_RATE;
}

/* The choice is kept in what the program remembers. */
static void
restore (OpOverviewPage *self)
{
  gint64 id = op_station_get_id (self->station);
  g_auto (GStrv) names = op_state_dup_station_texts (id, "live-fields");
  g_auto (GStrv) rate = op_state_dup_station_texts (id, "live-rate");
  guint place = find_rate (rate != NULL ? rate[0] : NULL);

  self->plotted = op_state_dup_station_texts (id, "live-plotted");
  gtk_drop_down_set_selected (self->rate, place);
  self->values = op_live_values_new (self->station);
  op_live_values_set_interval (self->values, (gint64) rates[place] * G_USEC_PER_SEC);
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
  g_clear_object (&self->values);
  g_clear_object (&self->station);
  g_clear_pointer (&self->plotted, g_strfreev);
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
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, plot_frame);
  gtk_widget_class_bind_template_child (widget_class, OpOverviewPage, plot);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_rate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_cb);
}

static void
op_overview_page_init (OpOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_rates (self);
}

void
op_overview_page_set_station (OpOverviewPage *self, OpStation *station)
{
  self->station = g_object_ref (station);
  op_error_bar_set_station (self->error_bar, station);
  g_object_bind_property (station, "name", self->name, "label", G_BINDING_SYNC_CREATE);
  describe_station (self);
  restore (self);
  make_cards (self);
  g_signal_connect_object (self->values, "notify::tables", G_CALLBACK (make_cards), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->values, "notify::state", G_CALLBACK (on_state_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->values, "read", G_CALLBACK (on_read_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_plot), self,
                           G_CONNECT_SWAPPED);
}
