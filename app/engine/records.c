/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/records.h"

#include "app/engine/store-private.h"
#include "app/engine/store-records.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SLICE       4096
#define MAX_GUESSED 1000

struct _OpRecords
{
  gatomicrefcount ref_count;
  char           *store_path;
  OpIncarnation  *incarnation; /* or */
  OpBatch        *batch;
  OpTime          interval;
};

typedef struct
{
  OpBatch      *batch;    /* of the columns; holds one row of the store at a time */
  guint         n_columns;
  OpTime        interval;
  OpTime        from, to;
  OpRecordFunc  func;
  gpointer      data;
  GCancellable *cancellable;
} Scan;

OpRecords *
op_records_new_incarnation (OpStore *store, OpIncarnation *incarnation)
{
  OpRecords *records = g_new0 (OpRecords, 1);

  g_atomic_ref_count_init (&records->ref_count);
  records->store_path = g_strdup (op_store_get_path (store));
  records->incarnation = op_incarnation_ref (incarnation);
  records->interval = incarnation->table->interval;
  return records;
}

OpTime
op_records_guess_interval (const OpBatch *batch)
{
  const OpTime *times = op_batch_get_times (batch);
  gsize n = MIN (op_batch_get_n_records (batch), MAX_GUESSED);
  OpTime shortest = 0;
  gsize n_equal = 0;

  for (gsize i = 1; i < n; i++)
    if (times[i] > times[i - 1] && (shortest == 0 || times[i] - times[i - 1] < shortest))
      shortest = times[i] - times[i - 1];
  for (gsize i = 1; i < n; i++)
    n_equal += times[i] - times[i - 1] == shortest ? 1 : 0;
  return 2 * n_equal > n ? shortest : 0;
}

OpRecords *
op_records_new_batch (OpBatch *batch)
{
  OpRecords *records = g_new0 (OpRecords, 1);
  OpTime interval = op_batch_get_table (batch)->interval;

  g_atomic_ref_count_init (&records->ref_count);
  records->batch = op_batch_ref (batch);
  records->interval = interval > 0 ? interval : op_records_guess_interval (batch);
  return records;
}

OpRecords *
op_records_ref (OpRecords *records)
{
  g_atomic_ref_count_inc (&records->ref_count);
  return records;
}

void
op_records_unref (OpRecords *records)
{
  if (!g_atomic_ref_count_dec (&records->ref_count))
    return;
  g_free (records->store_path);
  g_clear_pointer (&records->incarnation, op_incarnation_unref);
  g_clear_pointer (&records->batch, op_batch_unref);
  g_free (records);
}

OpTable *
op_records_get_table (const OpRecords *records)
{
  return records->batch != NULL ? op_batch_get_table (records->batch) : records->incarnation->table;
}

OpTime
op_records_get_interval (const OpRecords *records)
{
  return records->interval;
}

/* Hands on the records @first up to @end of @batch, flags as NAN; @columns are those of the batch. */
static void
pass_on (const Scan *scan, const OpBatch *batch, const guint *columns, gsize first, gsize end)
{
  double values[OP_RECORDS_MAX_COLUMNS][SLICE];
  OpRecordSlice slice = { end - first, op_batch_get_times (batch) + first, { NULL } };

  for (guint i = 0; i < scan->n_columns; i++)
    {
      OpFlags flags = op_type_get_flags (op_batch_get_type (batch, columns[i]));
      const double *numbers = op_batch_get_numbers (batch, columns[i]) + first;

      for (gsize row = 0; row < slice.n; row++)
        values[i][row] = op_flags_clear (flags, numbers[row]);
      slice.values[i] = values[i];
    }
  scan->func (&slice, scan->data);
}

/* The stretches of @batch that lie within the span. */
static void
pass_on_span (const Scan *scan, const OpBatch *batch, const guint *columns)
{
  const OpTime *times = op_batch_get_times (batch);
  gsize n = op_batch_get_n_records (batch), end;

  for (gsize first = 0; first < n; first = end)
    {
      gboolean is_within = times[first] >= scan->from && times[first] <= scan->to;

      for (end = first + 1; end < n && end - first < SLICE
                            && (times[end] >= scan->from && times[end] <= scan->to) == is_within; end++)
        continue;
      if (is_within)
        pass_on (scan, batch, columns, first, end);
    }
}

/* A stored row of an interval table tells its last time without being decoded. */
static gboolean
is_outside (const Scan *scan, const OpStoredRow *row)
{
  OpTime last = row->first_time + (gint64) (row->count - 1) * scan->interval;

  return scan->interval > 0 && (last < scan->from || row->first_time > scan->to);
}

static gboolean
scan_row (const OpStoredRow *row, gpointer data, GError **error)
{
  static const guint columns[OP_RECORDS_MAX_COLUMNS] = { 0, 1, 2, 3 };
  const Scan *scan = data;
  g_autoptr (GError) cause = NULL;

  if (is_outside (scan, row))
    return TRUE;
  op_batch_clear (scan->batch);
  if (!op_batch_append_payload (scan->batch, (guint32) row->ordinal, row->count, row->first_time, row->payload,
                                row->length, &cause))
    {
      g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_DAMAGED, _("Records in the store are damaged: %s"),
                   cause->message);
      return FALSE;
    }
  pass_on_span (scan, scan->batch, columns);
  return TRUE;
}

typedef struct
{
  Scan  *scan;
  gint64 incarnation;
} StoreScan;

static gboolean
scan_rows (OpDb *db, gpointer data, GError **error)
{
  const StoreScan *store_scan = data;

  return op_db_foreach_row (db, store_scan->incarnation, OP_ORDINAL_MIN, OP_ORDINAL_MAX, scan_row, store_scan->scan,
                            error);
}

static gboolean
scan_store (OpRecords *records, Scan *scan, const guint *columns, GError **error)
{
  g_autoptr (OpDb) db = op_db_open (records->store_path, error);
  g_autoptr (OpBatch) batch = op_batch_new (records->incarnation->table, columns, scan->n_columns, SLICE);
  StoreScan store_scan = { scan, records->incarnation->id };

  scan->batch = batch;
  scan->interval = records->incarnation->table->interval;
  return db != NULL && op_db_read (db, scan_rows, &store_scan, scan->cancellable, error);
}

/* The places of a table's columns in a batch that need not hold them all. */
static gboolean
find_columns (const OpBatch *batch, const guint *columns, guint n_columns, guint *places)
{
  for (guint i = 0; i < n_columns; i++)
    {
      guint place = 0;

      while (place < op_batch_get_n_columns (batch) && op_batch_get_table_column (batch, place) != columns[i])
        place++;
      if (place == op_batch_get_n_columns (batch))
        return FALSE;
      places[i] = place;
    }
  return TRUE;
}

static gboolean
check_columns (const OpTable *table, const guint *columns, guint n_columns, GError **error)
{
  for (guint i = 0; i < n_columns; i++)
    if (columns[i] >= table->n_columns
        || op_type_kind (op_table_get_column (table, columns[i], NULL)->type) != OP_KIND_NUMBER)
      {
        g_set_error (error, OP_STORE_ERROR, OP_STORE_ERROR_FAILED, _("Only numbers can be drawn"));
        return FALSE;
      }
  return TRUE;
}

gboolean
op_records_scan (OpRecords *records, const guint *columns, guint n_columns, OpTime from, OpTime to,
                 OpRecordFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  guint places[OP_RECORDS_MAX_COLUMNS];
  Scan scan = { .n_columns = n_columns, .from = from, .to = to, .func = func, .data = data,
                .cancellable = cancellable };

  g_return_val_if_fail (n_columns <= OP_RECORDS_MAX_COLUMNS, FALSE);
  if (!check_columns (op_records_get_table (records), columns, n_columns, error))
    return FALSE;
  if (records->batch == NULL)
    return scan_store (records, &scan, columns, error);
  if (find_columns (records->batch, columns, n_columns, places))
    pass_on_span (&scan, records->batch, places);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
