/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/export.h"

#include "app/engine/new-file.h"
#include "app/engine/store-private.h"
#include "app/engine/store-records.h"
#include "protocol/formats/toa5.h"

#include <glib/gi18n-lib.h>

/* Text is written in pieces of some size. */
#define PIECE_BYTES (256 * 1024)

typedef struct
{
  char          *store_path;
  OpIncarnation *incarnation;
  OpDataOrigin  *origin;
  gboolean       is_range;
  guint32        first, count; /* of a range */
  char          *path;
  guint64        n_records;
} Export;

/* While writing. */
typedef struct
{
  Export        *export;
  OpOrdinalRange range;
  OpBatch       *batch;
  GString       *text;
  OpNewFile     *file;
} Writing;

static void
free_export (Export *export)
{
  g_free (export->store_path);
  op_incarnation_unref (export->incarnation);
  op_data_origin_free (export->origin);
  g_free (export->path);
  g_free (export);
}

static gboolean
write_row (const OpStoredRow *row, gpointer data, GError **error)
{
  Writing *writing = data;
  g_autoptr (GError) local_error = NULL;
  op_batch_clear (writing->batch);
  if (!op_batch_append_payload (writing->batch, (guint32) row->ordinal, row->count, row->first_time, row->payload,
                                row->length, &local_error))
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("Records in the store are damaged: %s"),
                   local_error->message);
      return FALSE;
    }
  gint64 first = MAX (row->ordinal, writing->range.first);
  gint64 end = MIN (row->ordinal + row->count, writing->range.end);
  if (first >= end)
    return TRUE;
  op_toa5_append_records (writing->text, writing->batch, (gsize) (first - row->ordinal), (gsize) (end - first));
  writing->export->n_records += (guint64) (end - first);
  return writing->text->len < PIECE_BYTES || op_new_file_write (writing->file, writing->text, error);
}

static GArray *
find_ranges (OpDb *db, const Export *export, GError **error)
{
  if (export->is_range)
    return op_db_find_ranges (db, export->incarnation->id, export->first, export->count, error);
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (OpOrdinalRange));
  OpOrdinalRange all = { OP_ORDINAL_MIN, OP_ORDINAL_MAX };
  g_array_append_val (ranges, all);
  return ranges;
}

static gboolean
write_records (OpDb *db, gpointer data, GError **error)
{
  Writing *writing = data;
  g_autoptr (GArray) ranges = find_ranges (db, writing->export, error);
  op_toa5_append_header (writing->text, writing->export->origin, writing->export->incarnation->table);
  for (guint i = 0; ranges != NULL && i < ranges->len; i++)
    {
      writing->range = g_array_index (ranges, OpOrdinalRange, i);
      if (!op_db_foreach_row (db, writing->export->incarnation->id, writing->range.first, writing->range.end,
                              write_row, writing, error))
        return FALSE;
    }
  return ranges != NULL && op_new_file_write (writing->file, writing->text, error);
}

static gboolean
write_file (Export *export, OpDb *db, GCancellable *cancellable, GError **error)
{
  g_autoptr (OpNewFile) file = op_new_file_open (export->path, error);
  g_autoptr (OpBatch) batch = op_batch_new (export->incarnation->table, NULL, 0, 1024);
  g_autoptr (GString) text = g_string_sized_new (PIECE_BYTES + 65536);
  Writing writing = { .export = export, .batch = batch, .text = text, .file = file };
  return file != NULL && op_db_read (db, write_records, &writing, cancellable, error)
         && op_new_file_commit (file, error);
}

/* Reads through a connection of its own, so that a long export holds nobody up. */
static void
run_export (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  GError *error = NULL;
  g_autoptr (OpDb) db = op_db_open (export->store_path, &error);
  if (db != NULL && write_file (export, db, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static OpDataOrigin *
make_origin (OpStation *station)
{
  const OpIdentity *identity = op_station_get_identity (station);
  OpDataOrigin *origin = g_new0 (OpDataOrigin, 1);
  gboolean is_named = identity != NULL && identity->station_name[0] != '\0';
  origin->station = g_strdup (is_named ? identity->station_name : op_station_get_name (station));
  origin->model = g_strdup (identity != NULL ? identity->model : "");
  origin->serial = g_strdup (identity != NULL ? identity->serial_number : "");
  origin->os = g_strdup (identity != NULL ? identity->os_version : "");
  origin->program = g_strdup (identity != NULL ? identity->program : "");
  origin->program_signature = identity != NULL ? identity->program_signature : 0;
  return origin;
}

static void
start_export (Export *export, OpStation *station, OpIncarnation *incarnation, GFile *file, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (station, cancellable, callback, data);
  export->store_path = g_strdup (op_store_get_path (op_station_get_store (station)));
  export->incarnation = op_incarnation_ref (incarnation);
  export->origin = make_origin (station);
  export->path = g_file_get_path (file);
  g_task_set_task_data (task, export, (GDestroyNotify) free_export);
  g_task_set_check_cancellable (task, FALSE);
  if (export->path != NULL)
    g_task_run_in_thread (task, run_export);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                             _("The file can only be saved in a folder of this computer"));
}

void
op_export_toa5_async (OpStation *station, OpIncarnation *incarnation, GFile *file, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (station) && incarnation != NULL && G_IS_FILE (file));
  start_export (g_new0 (Export, 1), station, incarnation, file, cancellable, callback, data);
}

void
op_export_toa5_range_async (OpStation *station, OpIncarnation *incarnation, guint32 first, guint32 end, GFile *file,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_STATION (station) && incarnation != NULL && G_IS_FILE (file));
  Export *export = g_new0 (Export, 1);
  export->is_range = TRUE;
  export->first = first;
  export->count = end - first;
  start_export (export, station, incarnation, file, cancellable, callback, data);
}

gboolean
op_export_toa5_finish (GAsyncResult *result, guint64 *n_records, GError **error)
{
  const Export *export = g_task_get_task_data (G_TASK (result));
  if (n_records != NULL)
    *n_records = export->n_records;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What a file system, a shell or a reader of our own might stumble over becomes "_". */
static void
append_safe (GString *name, const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean safe = g_unichar_isalnum (c) || c == '-' || c == '_' || (c == '.' && name->len > 0);
      g_string_append_unichar (name, safe ? c : '_');
    }
}

char *
op_export_dup_file_name (const char *station, const char *table, const char *ending)
{
  g_autofree char *valid_station = g_utf8_make_valid (station, -1);
  g_autofree char *valid_table = g_utf8_make_valid (table, -1);
  GString *name = g_string_new (NULL);
  append_safe (name, valid_station);
  g_string_append_c (name, '_');
  append_safe (name, valid_table);
  g_string_append (name, ending);
  return g_string_free (name, FALSE);
}
