/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/station-list.h"

#include "app/engine/secrets.h"

struct _OpStationList
{
  GObject    parent_instance;
  OpStore   *store;
  GPtrArray *stations;
  gboolean   loading;
};

enum
{
  PROP_LOADING = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static GType
op_station_list_get_item_type (GListModel *model)
{
  return OP_TYPE_STATION;
}

static guint
op_station_list_get_n_items (GListModel *model)
{
  return OP_STATION_LIST (model)->stations->len;
}

static gpointer
op_station_list_get_item (GListModel *model, guint position)
{
  GPtrArray *stations = OP_STATION_LIST (model)->stations;
  return position < stations->len ? g_object_ref (g_ptr_array_index (stations, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = op_station_list_get_item_type;
  iface->get_n_items = op_station_list_get_n_items;
  iface->get_item = op_station_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (OpStationList, op_station_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
set_loading (OpStationList *self, gboolean loading)
{
  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

static void
append_station (OpStationList *self, OpStation *station)
{
  g_ptr_array_add (self->stations, g_object_ref (station));
  g_list_model_items_changed (G_LIST_MODEL (self), self->stations->len - 1, 0, 1);
}

static void
take_records (OpStationList *self, GPtrArray *records)
{
  guint n_removed = self->stations->len;
  g_ptr_array_set_size (self->stations, 0);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (self->stations, op_station_new (self->store, g_ptr_array_index (records, i)));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_removed, self->stations->len);
}

static void
op_station_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LOADING)
    g_value_set_boolean (value, OP_STATION_LIST (object)->loading);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
op_station_list_finalize (GObject *object)
{
  OpStationList *self = OP_STATION_LIST (object);
  g_ptr_array_unref (self->stations);
  g_object_unref (self->store);
  G_OBJECT_CLASS (op_station_list_parent_class)->finalize (object);
}

static void
op_station_list_class_init (OpStationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = op_station_list_get_property;
  object_class->finalize = op_station_list_finalize;
  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
op_station_list_init (OpStationList *self)
{
  self->stations = g_ptr_array_new_with_free_func (g_object_unref);
}

OpStationList *
op_station_list_new (OpStore *store)
{
  g_return_val_if_fail (OP_IS_STORE (store), NULL);
  OpStationList *self = g_object_new (OP_TYPE_STATION_LIST, NULL);
  self->store = g_object_ref (store);
  return self;
}

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStationList *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) records = op_store_load_stations_finish (OP_STORE (source), result, &error);
  set_loading (self, FALSE);
  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_records (self, records);
  g_task_return_boolean (task, TRUE);
}

void
op_station_list_load_async (OpStationList *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data)
{
  g_return_if_fail (OP_IS_STATION_LIST (self));
  set_loading (self, TRUE);
  op_store_load_stations_async (self->store, cancellable, on_loaded_cb,
                                g_task_new (self, cancellable, callback, data));
}

gboolean
op_station_list_load_finish (OpStationList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_code_kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  op_secrets_keep_finish (result);
  g_task_return_boolean (task, TRUE);
}

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStationList *self = g_task_get_source_object (task);
  OpStation *station = OP_STATION (source);
  gint security = GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;
  if (!op_station_save_finish (station, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  append_station (self, station);
  if (security < 0)
    g_task_return_boolean (task, TRUE);
  else
    op_secrets_keep_async (op_station_get_uri (station), (guint16) security, g_task_get_cancellable (task),
                           on_code_kept_cb, g_object_ref (task));
}

void
op_station_list_add_async (OpStationList *self, OpStation *station, gint security, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION_LIST (self) && OP_IS_STATION (station));
  GTask *task = g_task_new (self, cancellable, callback, data);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, GINT_TO_POINTER (security), NULL);
  if (security >= 0)
    op_station_set_security (station, security);
  op_station_save_async (station, cancellable, on_saved_cb, task);
}

gboolean
op_station_list_add_finish (OpStationList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_removed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStationList *self = g_task_get_source_object (task);
  OpStation *station = g_task_get_task_data (task);
  GError *error = NULL;
  guint position;
  if (!op_store_remove_station_finish (OP_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!op_station_get_simulated (station))
    op_secrets_forget (op_station_get_uri (station));
  if (g_ptr_array_find (self->stations, station, &position))
    {
      g_ptr_array_remove_index (self->stations, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  g_task_return_boolean (task, TRUE);
}

void
op_station_list_remove_async (OpStationList *self, OpStation *station, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION_LIST (self) && OP_IS_STATION (station));
  GTask *task = g_task_new (self, cancellable, callback, data);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_object_ref (station), g_object_unref);
  op_station_cancel (station);
  op_store_remove_station_async (self->store, op_station_get_id (station), cancellable, on_removed_cb, task);
}

gboolean
op_station_list_remove_finish (OpStationList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

OpStation *
op_station_list_find (OpStationList *self, const char *name)
{
  g_return_val_if_fail (OP_IS_STATION_LIST (self) && name != NULL, NULL);
  g_autofree char *folded = g_utf8_casefold (name, -1);
  for (guint i = 0; i < self->stations->len; i++)
    {
      OpStation *station = g_ptr_array_index (self->stations, i);
      g_autofree char *other = g_utf8_casefold (op_station_get_name (station), -1);
      if (g_str_equal (folded, other))
        return station;
    }
  return NULL;
}

char *
op_station_list_dup_free_name (OpStationList *self, const char *base)
{
  g_return_val_if_fail (OP_IS_STATION_LIST (self) && base != NULL, NULL);
  g_autofree char *name = g_strdup (base);
  for (guint i = 2; op_station_list_find (self, name) != NULL; i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", base, i);
    }
  return g_steal_pointer (&name);
}
