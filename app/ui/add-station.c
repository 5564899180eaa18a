/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/add-station.h"

#include "app/engine/interval-words.h"
#include "app/ui/accessible.h"
#include "app/ui/format.h"
#include "app/ui/port-list.h"
#include "app/ui/step-list.h"
#include "protocol/transport/address.h"

#include <glib/gi18n.h>

#define OP_PAKBUS_MAX   4094
#define OP_SECURITY_MAX 65535

struct _OpAddStation
{
  AdwWindow           parent_instance;

  GtkButton          *connect_button;
  GtkButton          *add_button;
  GtkStack           *stack;
  AdwEntryRow        *address;
  AdwComboRow        *baud;
  GtkListBox         *ports;
  AdwEntryRow        *pakbus;
  AdwPasswordEntryRow *security;
  GtkLabel           *form_error;
  AdwPreferencesGroup *steps_group;
  OpStepList         *steps;
  GtkWidget          *failure;
  GtkLabel           *failure_text;
  GtkPasswordEntry   *security_again;
  AdwEntryRow        *name;
  AdwActionRow       *model;
  AdwActionRow       *system;
  AdwActionRow       *program;
  AdwActionRow       *clock;
  GtkListBox         *tables;
  GtkLabel           *review_error;

  OpStore            *store;
  OpStationList      *stations;
  OpPortList         *port_list;
  OpStation          *station; /* the one that connects; not in the list */
  OpStation          *adding;  /* the one on its way into the list */
  int                 code;    /* security code, -1: none */
  GPtrArray          *checks;  /* of GtkCheckButton, one a table that has a name; owned by the rows */
};

G_DEFINE_FINAL_TYPE (OpAddStation, op_add_station, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_ADDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
get_text (gpointer editable)
{
  return gtk_editable_get_text (GTK_EDITABLE (editable));
}

static void
show_message (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

static void
show_form (OpAddStation *self)
{
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_set_visible (GTK_WIDGET (self->connect_button), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
}

/* Empty means @none. */
static gboolean
read_number (gpointer editable, guint64 from, guint64 to, gint none, gint *number)
{
  guint64 value;

  *number = none;
  if (get_text (editable)[0] == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (get_text (editable), 10, from, to, &value, NULL))
    return FALSE;
  *number = (gint) value;
  return TRUE;
}

static OpAddress *
read_address (OpAddStation *self, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (get_text (self->address)));
  g_autoptr (OpAddress) address = op_address_parse (text, error);
  gint pakbus;

  if (address == NULL)
    return NULL;
  if (!read_number (self->pakbus, 1, OP_PAKBUS_MAX, 0, &pakbus))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("A PakBus address is a number from 1 to 4094."));
      return NULL;
    }
  if (!read_number (self->security, 0, OP_SECURITY_MAX, address->security, &self->code))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("A security code is a number from 0 to 65535."));
      return NULL;
    }
  if (pakbus != 0)
    address->pakbus = (guint) pakbus;
  if (address->scheme == OP_SCHEME_SERIAL && strchr (text, '?') == NULL)
    {
      GtkStringObject *baud = adw_combo_row_get_selected_item (self->baud);

      /* The word for automatic gives 0, which says so. */
      address->baud = (guint) g_ascii_strtoull (gtk_string_object_get_string (baud), NULL, 10);
    }
  return g_steal_pointer (&address);
}

static OpStation *
create_station (OpAddStation *self, const OpAddress *address)
{
  g_autoptr (OpStationRecord) record = op_station_record_new ();
  OpStation *station;

  g_free (record->name);
  record->name = g_strdup (get_text (self->address));
  g_free (record->uri);
  record->uri = op_address_to_string (address);
  record->simulated = address->scheme == OP_SCHEME_DEMO;
  station = op_station_new (self->store, record);
  if (self->code >= 0)
    op_station_set_security (station, self->code);
  return station;
}

static void
show_failure (OpAddStation *self, const GError *error)
{
  gboolean security = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY);

  op_step_list_fail (self->steps);
  gtk_label_set_label (self->failure_text, error->message);
  gtk_widget_set_visible (self->failure, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->security_again), security);
  if (security)
    gtk_widget_grab_focus (GTK_WIDGET (self->security_again));
}

static void
show_value (AdwActionRow *row, const char *value)
{
  gtk_widget_set_visible (GTK_WIDGET (row), value != NULL && value[0] != '\0');
  adw_action_row_set_subtitle (row, value != NULL ? value : "");
}

static void
add_table_row (OpAddStation *self, const OpTable *table)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *interval = op_interval_dup_words (table->interval);
  g_autofree char *subtitle = NULL;

  subtitle = g_strdup_printf (ngettext ("%s · %u field", "%s · %u fields", table->n_columns), interval, table->n_columns);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), table->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), op_table_keeps_records (table));
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, table->name, -1);
  g_object_set_data_full (G_OBJECT (check), "table", g_strdup (table->name), g_free);
  g_object_set_data (G_OBJECT (check), "proposed", GINT_TO_POINTER (op_table_keeps_records (table)));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  gtk_list_box_append (self->tables, row);
  g_ptr_array_add (self->checks, check);
}

static void
show_tables (OpAddStation *self)
{
  GPtrArray *tables = op_station_get_tables (self->station);
  GtkWidget *child;

  g_ptr_array_set_size (self->checks, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL)
    gtk_list_box_remove (self->tables, child);
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      const OpTable *table = g_ptr_array_index (tables, i);

      if (table->name[0] != '\0')
        add_table_row (self, table);
    }
}

static void
show_review (OpAddStation *self)
{
  const OpIdentity *identity = op_station_get_identity (self->station);
  g_autofree char *offset = NULL;
  g_autofree char *name = NULL;
  const char *base = get_text (self->address);
  gint64 offset_us, uncertainty_us;

  if (op_station_get_clock_offset (self->station, &offset_us, &uncertainty_us))
    offset = op_format_offset (offset_us, uncertainty_us);
  if (identity != NULL)
    {
      show_value (self->model, identity->model);
      show_value (self->system, identity->os_version);
      show_value (self->program, identity->program);
      if (identity->station_name[0] != '\0')
        base = identity->station_name;
    }
  show_value (self->clock, offset);
  name = op_station_list_dup_free_name (self->stations, base);
  gtk_editable_set_text (GTK_EDITABLE (self->name), name);
  show_tables (self);
  show_message (self->review_error, "");
  gtk_widget_set_visible (GTK_WIDGET (self->add_button), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "review");
  gtk_widget_grab_focus (GTK_WIDGET (self->add_button));
}

static void
drop_station (OpAddStation *self)
{
  if (self->station == NULL)
    return;
  op_station_cancel (self->station);
  op_station_disconnect (self->station);
  g_clear_object (&self->station);
}

static void
on_connected_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpAddStation) self = OP_ADD_STATION (data);
  g_autoptr (GError) error = NULL;
  gboolean connected = op_station_connect_finish (OP_STATION (object), result, &error);

  /* Given up meanwhile. */
  if (self->station != OP_STATION (object))
    return;
  if (connected)
    show_review (self);
  else
    show_failure (self, error);
}

static void
on_step_cb (OpAddStation *self, OpLoggerStep step, OpStepState state, const char *detail)
{
  op_step_list_update (self->steps, step, state, detail);
}

static void
start_connecting (OpAddStation *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OpAddress) address = NULL;
  g_autofree char *title = NULL;

  if (get_text (self->address)[0] == '\0')
    return;
  address = read_address (self, &error);
  show_message (self->form_error, error != NULL ? error->message : "");
  if (address == NULL)
    {
      show_form (self);
      return;
    }
  drop_station (self);
  self->station = create_station (self, address);
  op_step_list_reset (self->steps);
  gtk_widget_set_visible (self->failure, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->connect_button), FALSE);
  title = g_strdup_printf (_("Connecting to %s"), get_text (self->address));
  adw_preferences_group_set_title (self->steps_group, title);
  gtk_stack_set_visible_child_name (self->stack, "steps");
  g_signal_connect_object (self->station, "step", G_CALLBACK (on_step_cb), self, G_CONNECT_SWAPPED);
  op_station_connect_async (self->station, NULL, on_connected_cb, g_object_ref (self));
}

static void
on_try_again_cb (OpAddStation *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->security_again)))
    gtk_editable_set_text (GTK_EDITABLE (self->security), get_text (self->security_again));
  start_connecting (self);
}

static void
on_address_changed_cb (OpAddStation *self)
{
  const char *text = get_text (self->address);

  gtk_widget_set_sensitive (GTK_WIDGET (self->connect_button), text[0] != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->baud), g_str_has_prefix (text, "/dev/") || g_str_has_prefix (text, "serial:"));
  show_message (self->form_error, "");
}

static void
on_name_changed_cb (OpAddStation *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), get_text (self->name)[0] != '\0');
  show_message (self->review_error, "");
}

static void
on_port_activated_cb (OpAddStation *self, GtkListBoxRow *row)
{
  g_autoptr (OpPort) port
    = g_list_model_get_item (G_LIST_MODEL (self->port_list), (guint) gtk_list_box_row_get_index (row));

  gtk_editable_set_text (GTK_EDITABLE (self->address), op_port_get_path (port));
  gtk_widget_grab_focus (GTK_WIDGET (self->connect_button));
}

static GtkWidget *
create_port_row (gpointer item, gpointer data)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), op_port_get_title (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), op_port_get_path (item));
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "outpost-serial-symbolic");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

/* NULL when just the proposal is ticked: then tables that a later program brings are collected as well. */
static char **
dup_ticked_tables (OpAddStation *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  gboolean as_proposed = TRUE;

  for (guint i = 0; i < self->checks->len; i++)
    {
      GObject *check = g_ptr_array_index (self->checks, i);
      gboolean ticked = gtk_check_button_get_active (GTK_CHECK_BUTTON (check));

      if (ticked)
        g_strv_builder_add (names, g_object_get_data (check, "table"));
      as_proposed &= ticked == GPOINTER_TO_INT (g_object_get_data (check, "proposed"));
    }
  return as_proposed ? NULL : g_strv_builder_end (names);
}

static void
on_added_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (OpAddStation) self = OP_ADD_STATION (data);
  g_autoptr (OpStation) station = g_steal_pointer (&self->adding);
  g_autoptr (GError) error = NULL;

  if (!op_station_list_add_finish (OP_STATION_LIST (object), result, &error))
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), TRUE);
      show_message (self->review_error, error->message);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, station);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_add_clicked_cb (OpAddStation *self)
{
  g_autoptr (OpStationRecord) record = op_station_dup_record (self->station);

  g_free (record->name);
  record->name = g_strstrip (g_strdup (get_text (self->name)));
  g_strfreev (record->tables);
  record->tables = dup_ticked_tables (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), FALSE);
  self->adding = op_station_new (self->store, record);
  op_station_list_add_async (self->stations, self->adding, self->code, NULL, on_added_cb, g_object_ref (self));
}

static gboolean
op_add_station_close_request (GtkWindow *window)
{
  drop_station (OP_ADD_STATION (window));
  return GTK_WINDOW_CLASS (op_add_station_parent_class)->close_request (window);
}

static void
op_add_station_dispose (GObject *object)
{
  OpAddStation *self = OP_ADD_STATION (object);

  drop_station (self);
  g_clear_object (&self->store);
  g_clear_object (&self->stations);
  g_clear_object (&self->port_list);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  G_OBJECT_CLASS (op_add_station_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, connect_button);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, add_button);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, stack);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, address);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, baud);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, ports);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, pakbus);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, security);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, form_error);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, steps_group);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, steps);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, failure);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, failure_text);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, security_again);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, name);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, model);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, system);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, program);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, clock);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, tables);
  gtk_widget_class_bind_template_child (widget_class, OpAddStation, review_error);
}

static void
op_add_station_class_init (OpAddStationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_add_station_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = op_add_station_close_request;
  signals[SIGNAL_ADDED] = g_signal_new ("added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, OP_TYPE_STATION);

  g_type_ensure (OP_TYPE_STEP_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/add-station.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, start_connecting);
  gtk_widget_class_bind_template_callback (widget_class, show_form);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_port_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
op_add_station_init (OpAddStation *self)
{
  self->code = -1;
  self->checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  op_accessible_name_buttons (GTK_WIDGET (self->security));
  self->port_list = op_port_list_new ();
  gtk_list_box_bind_model (self->ports, G_LIST_MODEL (self->port_list), create_port_row, NULL, NULL);
}

GtkWidget *
op_add_station_new (GtkWindow *parent, OpStore *store, OpStationList *stations)
{
  OpAddStation *self = g_object_new (OP_TYPE_ADD_STATION, "transient-for", parent, "application",
                                     gtk_window_get_application (parent), NULL);

  self->store = g_object_ref (store);
  self->stations = g_object_ref (stations);
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
  return GTK_WIDGET (self);
}
