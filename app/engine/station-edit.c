/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/station-clock.h"
#include "app/engine/station-private.h"
#include "protocol/transport/address.h"

#include <glib/gi18n-lib.h>

/* What a person decides of a station, saved before it counts. */

static void
on_edited_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpStation *self = g_task_get_source_object (task);
  OpStationRecord *edited = g_task_get_task_data (task);
  GError *error = NULL;
  gint64 id = op_store_save_station_finish (OP_STORE (source), result, &error);
  if (id == 0)
    {
      g_task_return_error (task, error);
      return;
    }
  edited->id = id;
  op_station_take_record (self, edited);
  g_task_return_boolean (task, TRUE);
}

/* Saves @edited (taken over), which becomes the station's record when that went well. */
static void
edit (OpStation *self, OpStationRecord *edited, GTask *task)
{
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, edited, (GDestroyNotify) op_station_record_free);
  /* What runs saves the record too, as it was. */
  if (op_station_is_working (self))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, _("“%s” is busy"), op_station_get_name (self));
  else
    op_store_save_station_async (op_station_get_store (self), edited, g_task_get_cancellable (task), on_edited_cb, g_object_ref (task));
}

void
op_station_rename_async (OpStation *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self) && name != NULL && name[0] != '\0');
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  OpStationRecord *record = op_station_record_copy (op_station_get_record (self));
  g_free (record->name);
  record->name = g_strdup (name);
  edit (self, record, task);
}

gboolean
op_station_rename_finish (OpStation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
op_station_get_fast (OpStation *self)
{
  g_return_val_if_fail (OP_IS_STATION (self), FALSE);
  g_autoptr (OpAddress) address = op_address_parse (op_station_get_uri (self), NULL);
  return address != NULL && address->fast;
}

void
op_station_set_fast_async (OpStation *self, gboolean fast, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self));
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  GError *error = NULL;
  g_autoptr (OpAddress) address = op_address_parse (op_station_get_uri (self), &error);
  if (address == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  OpStationRecord *record = op_station_record_copy (op_station_get_record (self));
  address->fast = fast;
  g_free (record->uri);
  record->uri = op_address_to_string (address);
  edit (self, record, task);
}

gboolean
op_station_set_fast_finish (OpStation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* UTC offset */

static void
on_offset_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  if (!op_store_set_utc_offset_finish (OP_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  op_station_take_record (g_task_get_source_object (task), g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

void
op_station_set_utc_offset_async (OpStation *self, gint utc_offset_s, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (self));
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  OpStationRecord *record = op_station_record_copy (op_station_get_record (self));
  gint before_s = op_clock_get_zone (record, g_get_real_time ());
  gint64 shift_us = (before_s - utc_offset_s) * (gint64) G_USEC_PER_SEC;
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, record, (GDestroyNotify) op_station_record_free);
  record->utc_offset_known = TRUE;
  record->utc_offset_s = utc_offset_s;
  record->last_offset_us += shift_us;
  if (op_station_is_working (self))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, _("“%s” is busy"), op_station_get_name (self));
  else
    op_store_set_utc_offset_async (op_station_get_store (self), record->id, utc_offset_s, shift_us, cancellable,
                                   on_offset_set_cb, g_object_ref (task));
}

gboolean
op_station_set_utc_offset_finish (OpStation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
