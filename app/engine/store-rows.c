/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/store-rows.h"

#include "protocol/batch.h"

typedef struct
{
  guint  table_column;
  OpType type;
  gsize  offset; /* within a record, where all are of one size */
} Column;

struct _OpRowReader
{
  OpTable    *table;
  GArray     *columns; /* Column: those that are numbers */
  gsize       record_bytes; /* with its stamp; 0: records differ in size and are decoded */
  OpBatch    *batch;        /* of the row, when they do */
  OpStoredRow row;
};

static GArray *
list_columns (const OpTable *table)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (Column));
  gsize stamp = op_table_get_payload_size (table) - table->record_size;
  for (guint i = 0; i < table->n_columns; i++)
    {
      guint element;
      const OpField *field = op_table_get_column (table, i, &element);
      Column column = { i, field->type, stamp + field->offset + element * field->element_size };
      if (op_type_kind (field->type) == OP_KIND_NUMBER)
        g_array_append_val (columns, column);
    }
  return columns;
}

static OpBatch *
new_batch (OpTable *table, const GArray *columns)
{
  g_autofree guint *places = g_new0 (guint, MAX (columns->len, 1));
  for (guint i = 0; i < columns->len; i++)
    places[i] = g_array_index (columns, Column, i).table_column;
  /* Without a number column the first one is decoded all the same, for the times. */
  return op_batch_new (table, places, MIN (MAX (columns->len, 1), table->n_columns), 1024);
}

OpRowReader *
op_row_reader_new (OpTable *table)
{
  OpRowReader *reader = g_new0 (OpRowReader, 1);
  reader->table = op_table_ref (table);
  reader->columns = list_columns (table);
  reader->record_bytes = op_table_get_payload_size (table);
  if (reader->record_bytes == 0)
    reader->batch = new_batch (table, reader->columns);
  return reader;
}

void
op_row_reader_free (OpRowReader *reader)
{
  op_table_unref (reader->table);
  g_array_unref (reader->columns);
  g_clear_pointer (&reader->batch, op_batch_unref);
  g_free (reader);
}

gboolean
op_row_reader_open (OpRowReader *reader, const OpStoredRow *row, GError **error)
{
  reader->row = *row;
  if (reader->batch == NULL)
    return op_payload_check (reader->table, row->count, row->payload, row->length, error);
  op_batch_clear (reader->batch);
  return op_batch_append_payload (reader->batch, (guint32) row->ordinal, row->count, row->first_time, row->payload,
                                  row->length, error);
}

static OpTime
get_time (const OpRowReader *reader, gsize i)
{
  const OpStoredRow *row = &reader->row;
  if (reader->batch != NULL)
    return op_batch_get_times (reader->batch)[i];
  if (op_table_is_event (reader->table))
    return op_value_get_time (reader->table->time_type, row->payload + i * reader->record_bytes);
  return op_time_add_intervals (row->first_time, reader->table->interval, (guint32) i);
}

static void
describe (const OpRowReader *reader, gsize first, gsize n, OpBlockHead *head)
{
  gint64 ordinal = reader->row.ordinal + (gint64) first;
  OpTime first_time = get_time (reader, first), last_time = get_time (reader, first + n - 1);
  *head = (OpBlockHead){ ordinal, ordinal + (gint64) n - 1, (gint64) n, first_time, last_time,
                         MIN (first_time, last_time), MAX (first_time, last_time) };
  for (gsize i = 1; op_table_is_event (reader->table) && i + 1 < n; i++)
    {
      OpTime time = get_time (reader, first + i);
      head->min_time = MIN (head->min_time, time);
      head->max_time = MAX (head->max_time, time);
    }
}

void
op_row_reader_sum_up (const OpRowReader *reader, gsize first, gsize n, OpBlockHead *head, OpBin *bins,
                      gsize stride)
{
  describe (reader, first, n, head);
  for (guint i = 0; i < reader->columns->len; i++)
    {
      const Column *column = &g_array_index (reader->columns, Column, i);
      OpBin *bin = &bins[i * stride];
      if (reader->batch != NULL)
        op_bin_add_numbers (bin, op_type_get_flags (column->type), op_batch_get_numbers (reader->batch, i) + first, n);
      else
        op_bin_add_values (bin, column->type, reader->row.payload + first * reader->record_bytes + column->offset,
                           reader->record_bytes, n);
    }
}
