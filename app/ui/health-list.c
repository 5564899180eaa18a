/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/health-list.h"

#include "app/engine/health-reader.h"

#include <glib/gi18n.h>

/* Of a value that is longer; it is not wrapped to less. */
#define MIN_VALUE_CHARS 18

struct _OpHealthList
{
  AdwBin               parent_instance;

  GtkButton           *check;
  GtkListBox          *list;

  OpStation           *station;
  GCancellable        *cancellable; /* of what runs; NULL: nothing */
  gboolean             is_read;     /* once, of this station */
};

G_DEFINE_FINAL_TYPE (OpHealthList, op_health_list, ADW_TYPE_BIN)

static void
clear_rows (OpHealthList *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
}

static GtkWidget *
new_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

/* A form of its own for each judgement, whose name a screen reader says. */
static GtkWidget *
new_mark (OpJudgement judgement)
{
  static const char *const icons[] = { "object-select-symbolic", "dialog-warning-symbolic", "dialog-error-symbolic" };
  static const char *const css_classes[] = { "success", "warning", "error" };
  GtkWidget *image = gtk_image_new_from_icon_name (icons[judgement]);

  gtk_widget_add_css_class (image, css_classes[judgement]);
  gtk_widget_set_tooltip_text (image, op_judgement_get_name (judgement));
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  op_judgement_get_name (judgement), -1);
  return image;
}

static GtkWidget *
new_finding_row (const OpHealthFinding *finding)
{
  const char *parts[] = { finding->reason, finding->advice, NULL };
  g_autofree char *words = *finding->advice != '\0' ? g_strjoinv ("\n", (char **) parts) : g_strdup (finding->reason);
  GtkWidget *row = new_row (finding->name, words);
  GtkWidget *value = gtk_label_new (finding->value);

  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (value), (int) MIN (g_utf8_strlen (finding->value, -1), MIN_VALUE_CHARS));
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_add_css_class (value, "numeric");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), new_mark (finding->judgement));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  return row;
}

static GtkWidget *
new_well_row (guint n)
{
  g_autofree char *title = g_strdup_printf (ngettext ("%u thing is well", "%u things are well", n), n);
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), new_mark (OP_JUDGEMENT_WELL));
  return row;
}

static void
show_findings (OpHealthList *self, GPtrArray *findings)
{
  guint n_bad = 0;
  GtkWidget *well;

  clear_rows (self);
  while (n_bad < findings->len && ((OpHealthFinding *) findings->pdata[n_bad])->judgement != OP_JUDGEMENT_WELL)
    gtk_list_box_append (self->list, new_finding_row (findings->pdata[n_bad++]));
  if (n_bad == findings->len)
    return;
  well = new_well_row (findings->len - n_bad);
  for (guint i = n_bad; i < findings->len; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (well), new_finding_row (findings->pdata[i]));
  gtk_list_box_append (self->list, well);
}

static void
show_error (OpHealthList *self, const GError *error)
{
  GtkWidget *row = new_row (_("Health could not be read"), error->message);
  GtkWidget *again = gtk_button_new_with_mnemonic (_("_Try Again"));

  gtk_widget_set_valign (again, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (again, "clicked", G_CALLBACK (op_health_list_refresh), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), again);
  clear_rows (self);
  gtk_list_box_append (self->list, row);
}

static void
show_reading (OpHealthList *self)
{
  GtkWidget *row = new_row (_("Reading…"), _("Status, program and clock of the logger"));
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reading"), -1);
  gtk_spinner_start (GTK_SPINNER (spinner));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), spinner);
  clear_rows (self);
  gtk_list_box_append (self->list, row);
}

static void
show_nothing (OpHealthList *self)
{
  clear_rows (self);
  gtk_list_box_append (self->list, new_row (_("Not Known Yet"), _("It is read when the logger answers.")));
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpHealthList) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = op_health_read_finish (OP_STATION (source), result, &error);

  /* It shows another station by now, or is gone. */
  if (self->station != OP_STATION (source))
    return;
  g_clear_object (&self->cancellable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), TRUE);
  if (findings != NULL)
    {
      self->is_read = TRUE;
      show_findings (self, findings);
    }
  else
    show_error (self, error);
}

void
op_health_list_refresh (OpHealthList *self)
{
  g_return_if_fail (OP_IS_HEALTH_LIST (self));

  if (self->station == NULL || self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), FALSE);
  if (!self->is_read)
    show_reading (self);
  op_health_read_async (self->station, self->cancellable, on_read_cb, g_object_ref (self));
}

/* Somebody else's connection is used; for this list alone, none is made. */
static void
read_if_connected (OpHealthList *self)
{
  if (self->station != NULL && !self->is_read && gtk_widget_get_mapped (GTK_WIDGET (self))
      && op_station_get_logger (self->station) != NULL)
    op_health_list_refresh (self);
}

void
op_health_list_set_station (OpHealthList *self, OpStation *station)
{
  g_return_if_fail (OP_IS_HEALTH_LIST (self));

  if (self->station != NULL)
    g_signal_handlers_disconnect_by_data (self->station, self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_set_object (&self->station, station);
  self->is_read = FALSE;
  if (station == NULL)
    return;
  show_nothing (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), TRUE);
  g_signal_connect_swapped (station, "notify::connected", G_CALLBACK (read_if_connected), self);
  read_if_connected (self);
}

static void
op_health_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (op_health_list_parent_class)->map (widget);
  read_if_connected (OP_HEALTH_LIST (widget));
}

static void
op_health_list_dispose (GObject *object)
{
  op_health_list_set_station (OP_HEALTH_LIST (object), NULL);
  G_OBJECT_CLASS (op_health_list_parent_class)->dispose (object);
}

static void
op_health_list_class_init (OpHealthListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_health_list_dispose;
  widget_class->map = op_health_list_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/health-list.ui");
  gtk_widget_class_bind_template_child (widget_class, OpHealthList, check);
  gtk_widget_class_bind_template_child (widget_class, OpHealthList, list);
  gtk_widget_class_bind_template_callback (widget_class, op_health_list_refresh);
}

static void
op_health_list_init (OpHealthList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
