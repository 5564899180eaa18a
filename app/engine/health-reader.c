/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/health-reader.h"

#include "app/engine/station-clock.h"
#include "app/engine/station-hold.h"
#include "app/engine/station-private.h"
#include "protocol/logger-changes.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  OpLogger       *logger;
  OpBatch        *status;
  GError         *status_error;
  OpProgramState *program;
  GError         *program_error;
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->logger);
  g_clear_pointer (&reading->status, op_batch_unref);
  g_clear_error (&reading->status_error);
  g_clear_pointer (&reading->program, op_program_state_free);
  g_clear_error (&reading->program_error);
  g_free (reading);
}

/* Whether the logger itself said no, and other questions may be answered. */
static gboolean
is_refusal (const GError *error)
{
  return error->domain == OP_LOGGER_ERROR && error->code != OP_LOGGER_ERROR_NO_ANSWER
         && error->code != OP_LOGGER_ERROR_LINK && error->code != OP_LOGGER_ERROR_NO_NODE;
}

/* Takes @error; NULL: it went well. */
static void
end (GTask *task, GError *error)
{
  Reading *reading = g_task_get_task_data (task);
  OpStation *station = g_task_get_source_object (task);
  OpHealthSources sources = { .status = reading->status, .status_error = reading->status_error,
                              .program = reading->program, .program_error = reading->program_error };

  sources.clock_is_known = op_station_get_clock_offset (station, &sources.clock_offset_us,
                                                        &sources.clock_uncertainty_us);
  op_station_release (station);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, op_health_judge (&sources), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_clock_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  OpClockReading *clock = op_logger_read_clock_finish (OP_LOGGER (source), result, &error);

  if (clock != NULL)
    op_station_take_clock (g_task_get_source_object (task), clock);
  else if (is_refusal (error))
    g_clear_error (&error);
  end (task, error);
}

static void
on_program_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);

  reading->program = op_logger_read_program_finish (OP_LOGGER (source), result, &reading->program_error);
  if (reading->program == NULL && !is_refusal (reading->program_error))
    end (task, g_steal_pointer (&reading->program_error));
  else
    op_logger_read_clock_async (reading->logger, g_task_get_cancellable (task), on_clock_cb, g_object_ref (task));
}

static void
read_program (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  op_logger_read_program_async (reading->logger, g_task_get_cancellable (task), on_program_cb, g_object_ref (task));
}

static gboolean
append_chunk (const OpChunk *chunk, gpointer batch, GError **error)
{
  return op_batch_append_chunk (batch, chunk, error);
}

static void
on_status_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);

  if (op_logger_collect_finish (OP_LOGGER (source), result, &reading->status_error))
    {
      read_program (task);
      return;
    }
  g_clear_pointer (&reading->status, op_batch_unref);
  if (is_refusal (reading->status_error))
    read_program (task);
  else
    end (task, g_steal_pointer (&reading->status_error));
}

static OpTable *
find_status (GPtrArray *tables)
{
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    if (g_ascii_strcasecmp (((OpTable *) tables->pdata[i])->name, "Status") == 0)
      return tables->pdata[i];
  return NULL;
}

static void
read_status (GTask *task)
{
  const OpCollectRange newest = { .mode = OP_COLLECT_LAST, .a = 1 };
  Reading *reading = g_task_get_task_data (task);
  OpTable *table = find_status (op_station_get_tables (g_task_get_source_object (task)));

  if (table == NULL)
    {
      g_set_error (&reading->status_error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME,
                   _("The logger has no Status table"));
      read_program (task);
      return;
    }
  reading->status = op_batch_new (table, NULL, 0, 1);
  op_logger_collect_async (reading->logger, table, &newest, append_chunk, NULL, reading->status,
                           g_task_get_cancellable (task), on_status_cb, g_object_ref (task));
}

static void
on_held_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);
  OpStation *station = OP_STATION (source);
  GError *error = NULL;

  if (!op_station_hold_finish (station, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* What runs may let go of it. */
  reading->logger = g_object_ref (op_station_get_logger (station));
  read_status (task);
}

void
op_health_read_async (OpStation *station, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (station));

  g_autoptr (GTask) task = g_task_new (station, cancellable, callback, data);

  g_task_set_task_data (task, g_new0 (Reading, 1), (GDestroyNotify) reading_free);
  op_station_hold_async (station, cancellable, on_held_cb, g_object_ref (task));
}

GPtrArray *
op_health_read_finish (OpStation *station, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, station), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
