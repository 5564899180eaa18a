/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/picture-view.h"

#include "app/plot/picture-plot.h"
#include "app/plot/ticks.h"
#include "app/ui/picture-fields.h"
#include "app/ui/plot/plot-picture.h"

#include <glib/gi18n.h>

#define N_FIELDS 2
/* Logical pixels of a picture that is saved. */
#define SAVED_WIDTH  1200
#define SAVED_HEIGHT 700

struct _OpPictureView
{
  AdwBin          parent_instance;

  GtkLabel       *first_role, *second_role;
  GtkDropDown    *first, *second;
  GtkSpinner     *spinner;
  GtkDrawingArea *area;
  GtkLabel       *nothing;     /* why there is no picture */
  GtkLabel       *words;

  OpPicturePlot  *plot;
  OpPictureKind   kind;
  OpTableSource  *source;
  GArray         *columns;     /* of guint: those that the drop-downs list */
  OpTime          from, to;
  OpPicture      *picture;     /* NULL: none yet */
  char           *names[N_FIELDS], *units[N_FIELDS], *span; /* of the picture */
  GCancellable   *cancellable; /* of what is being made; NULL: nothing */
  gboolean        is_stale;    /* to be made anew when it is on the screen */
  gboolean        is_listing;
};

G_DEFINE_FINAL_TYPE (OpPictureView, op_picture_view, ADW_TYPE_BIN)

static void make (OpPictureView *self);

static GtkDropDown *
get_drop_down (OpPictureView *self, guint place)
{
  return place == 0 ? self->first : self->second;
}

static OpPictureTexts
get_texts (OpPictureView *self)
{
  return (OpPictureTexts) { { self->names[0], self->names[1] }, { self->units[0], self->units[1] }, self->span };
}

static void
set_words (OpPictureView *self, const char *words)
{
  gtk_label_set_label (self->words, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  op_picture_get_title (self->kind), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
show_words (OpPictureView *self)
{
  OpPictureTexts texts = get_texts (self);
  g_autofree char *words = self->picture != NULL ? op_picture_dup_words (self->picture, texts.names) : g_strdup ("");

  set_words (self, words);
}

/* Making */

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpPictureView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpPicture) picture = op_picture_make_finish (result, &error);

  /* Another one is asked for by now. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  g_clear_pointer (&self->picture, op_picture_unref);
  self->picture = g_steal_pointer (&picture);
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
  if (self->picture != NULL)
    show_words (self);
  else
    set_words (self, error->message);
}

static void
stop_making (OpPictureView *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static OpRecords *
get_records (OpPictureView *self)
{
  OpBatch *batch = op_table_source_get_batch (self->source);

  return batch != NULL ? op_records_new_batch (batch)
                       : op_records_new_incarnation (op_table_source_get_store (self->source),
                                                     op_table_source_get_incarnation (self->source));
}

static gboolean
has_fields (OpPictureView *self)
{
  for (guint i = 0; i < op_picture_get_n_fields (self->kind); i++)
    if (gtk_drop_down_get_selected (get_drop_down (self, i)) >= self->columns->len)
      return FALSE;
  return TRUE;
}

/* Only a wind rose has fields that a table may lack. */
static void
show_nothing (OpPictureView *self)
{
  g_clear_pointer (&self->picture, op_picture_unref);
  gtk_spinner_stop (self->spinner);
  gtk_widget_queue_draw (GTK_WIDGET (self->area));
  show_words (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  gtk_label_get_label (self->nothing), -1);
}

static void
make (OpPictureView *self)
{
  guint columns[N_FIELDS];
  OpTable *table;

  self->is_stale = TRUE;
  if (self->source == NULL || self->columns->len == 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->is_stale = FALSE;
  stop_making (self);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), !has_fields (self));
  if (!has_fields (self))
    {
      show_nothing (self);
      return;
    }
  table = op_table_source_get_table (self->source);
  for (guint i = 0; i < op_picture_get_n_fields (self->kind); i++)
    {
      columns[i] = g_array_index (self->columns, guint, gtk_drop_down_get_selected (get_drop_down (self, i)));
      g_free (self->names[i]);
      g_free (self->units[i]);
      self->names[i] = op_table_dup_column_name (table, columns[i]);
      self->units[i] = g_strdup (op_table_get_column (table, columns[i], NULL)->units);
    }
  g_free (self->span);
  self->span = op_ticks_dup_span_text (self->from, self->to);
  g_autoptr (OpRecords) records = get_records (self);
  self->cancellable = g_cancellable_new ();
  gtk_spinner_start (self->spinner);
  op_picture_make_async (records, self->kind, columns, self->from, self->to, self->cancellable, on_made_cb,
                         g_object_ref (self));
}

/* Fields */

static void
choose_fields (OpPictureView *self)
{
  guint n_chosen;
  g_autofree guint *chosen = op_table_source_dup_chosen (self->source, &n_chosen);
  OpTable *table = op_table_source_get_table (self->source);

  self->is_listing = TRUE;
  for (guint i = 0; i < N_FIELDS; i++)
    {
      gint place = op_picture_fields_choose (table, self->columns, chosen, n_chosen, self->kind, i);

      gtk_drop_down_set_selected (get_drop_down (self, i), place < 0 ? GTK_INVALID_LIST_POSITION : (guint) place);
    }
  self->is_listing = FALSE;
}

static void
list_fields (OpPictureView *self)
{
  OpTable *table = op_table_source_get_table (self->source);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_clear_pointer (&self->columns, g_array_unref);
  self->columns = op_picture_fields_list (table);
  for (guint i = 0; i < self->columns->len; i++)
    gtk_string_list_take (names, op_table_dup_column_name (table, g_array_index (self->columns, guint, i)));
  self->is_listing = TRUE;
  for (guint i = 0; i < N_FIELDS; i++)
    gtk_drop_down_set_model (get_drop_down (self, i), G_LIST_MODEL (names));
  self->is_listing = FALSE;
}

static void
on_chosen_cb (OpPictureView *self)
{
  if (!self->is_listing)
    make (self);
}

static void
show_roles (OpPictureView *self)
{
  GtkLabel *labels[N_FIELDS] = { self->first_role, self->second_role };

  gtk_widget_set_visible (GTK_WIDGET (self->second), op_picture_get_n_fields (self->kind) > 1);
  for (guint i = 0; i < op_picture_get_n_fields (self->kind); i++)
    {
      const char *role = op_picture_get_role (self->kind, i);

      gtk_label_set_label (labels[i], role);
      gtk_accessible_update_property (GTK_ACCESSIBLE (get_drop_down (self, i)), GTK_ACCESSIBLE_PROPERTY_LABEL, role,
                                      -1);
    }
}

/* Drawing and reading off */

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  OpPictureView *self = data;
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (area));
  OpPictureTexts texts = get_texts (self);
  cairo_surface_t *surface;
  cairo_t *own;

  if (self->picture == NULL)
    return;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  own = cairo_create (surface);
  op_picture_plot_set_style (self->plot, op_plot_picture_is_dark () ? OP_PLOT_DARK : OP_PLOT_LIGHT);
  op_picture_plot_draw (self->plot, self->picture, &texts, own, width * scale, height * scale, scale);
  cairo_destroy (own);
  cairo_surface_set_device_scale (surface, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
}

static void
on_motion_cb (OpPictureView *self, double x, double y)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self->area));
  OpPictureTexts texts = get_texts (self);
  g_autofree char *reading = NULL;

  if (self->picture != NULL)
    reading = op_picture_plot_dup_reading (self->plot, self->picture, &texts, x * scale, y * scale);
  if (reading != NULL)
    gtk_label_set_label (self->words, reading);
  else
    show_words (self);
}

void
op_picture_view_set_kind (OpPictureView *self, OpPictureKind kind)
{
  g_return_if_fail (OP_IS_PICTURE_VIEW (self));

  if (self->kind == kind)
    return;
  self->kind = kind;
  g_clear_pointer (&self->picture, op_picture_unref);
  show_roles (self);
  if (self->source != NULL)
    choose_fields (self);
  make (self);
}

OpPictureKind
op_picture_view_get_kind (OpPictureView *self)
{
  g_return_val_if_fail (OP_IS_PICTURE_VIEW (self), OP_PICTURE_XY);

  return self->kind;
}

void
op_picture_view_set_source (OpPictureView *self, OpTableSource *source)
{
  g_return_if_fail (OP_IS_PICTURE_VIEW (self));

  g_set_object (&self->source, source);
  g_clear_pointer (&self->picture, op_picture_unref);
  if (source == NULL)
    return;
  list_fields (self);
  choose_fields (self);
  make (self);
}

void
op_picture_view_set_span (OpPictureView *self, OpTime from, OpTime to)
{
  g_return_if_fail (OP_IS_PICTURE_VIEW (self));

  if (self->from == from && self->to == to)
    return;
  self->from = from;
  self->to = to;
  make (self);
}

gboolean
op_picture_view_save (OpPictureView *self, const char *path, GError **error)
{
  OpPictureTexts texts = get_texts (self);
  OpPlotFormat format;

  if (!op_plot_format_for_name (path, &format))
    {
      g_set_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_FORMAT, _("%s does not end in .png, .svg or .pdf"), path);
      return FALSE;
    }
  if (self->picture == NULL)
    {
      g_set_error (error, OP_PLOT_ERROR, OP_PLOT_ERROR_WRITE, _("There is no picture yet"));
      return FALSE;
    }
  /* On paper, light. */
  op_picture_plot_set_style (self->plot, OP_PLOT_LIGHT);
  return op_picture_plot_save (self->plot, self->picture, &texts, path, format, SAVED_WIDTH, SAVED_HEIGHT, error);
}

static void
op_picture_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (op_picture_view_parent_class)->map (widget);
  if (OP_PICTURE_VIEW (widget)->is_stale)
    make (OP_PICTURE_VIEW (widget));
}

static void
op_picture_view_dispose (GObject *object)
{
  OpPictureView *self = OP_PICTURE_VIEW (object);

  stop_making (self);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (op_picture_view_parent_class)->dispose (object);
}

static void
op_picture_view_finalize (GObject *object)
{
  OpPictureView *self = OP_PICTURE_VIEW (object);

  g_clear_pointer (&self->picture, op_picture_unref);
  g_clear_pointer (&self->columns, g_array_unref);
  op_picture_plot_free (self->plot);
  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_free (self->names[i]);
      g_free (self->units[i]);
    }
  g_free (self->span);
  G_OBJECT_CLASS (op_picture_view_parent_class)->finalize (object);
}

static void
op_picture_view_class_init (OpPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_picture_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = op_picture_view_finalize;
  widget_class->map = op_picture_view_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/picture-view.ui");
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, first_role);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, second_role);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, first);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, second);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, spinner);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, area);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, nothing);
  gtk_widget_class_bind_template_child (widget_class, OpPictureView, words);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
}

static void
op_picture_view_init (OpPictureView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->plot = op_picture_plot_new ();
  self->columns = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
  show_roles (self);
  gtk_drawing_area_set_draw_func (self->area, draw, self, NULL);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (show_words), self);
  gtk_widget_add_controller (GTK_WIDGET (self->area), motion);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw),
                           self->area, G_CONNECT_SWAPPED);
}
