/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/batch.h"

#include "protocol/text.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MIN_CAPACITY 16
#define LARGE_BYTES  (8 * 1024 * 1024)

typedef struct
{
  guint    table_column;
  OpType   type;
  OpKind   kind;
  gpointer values; /* double, OpTime or, for text, gsize offsets into texts */
} Column;

struct _OpBatch
{
  gatomicrefcount ref_count;
  OpTable        *table;
  Column         *columns;
  guint           n_columns;
  guint32        *records;
  OpTime         *times;
  GString        *texts; /* each NUL-terminated; offset 0 is the empty text */
  gsize           n_records;
  gsize           capacity;
};

/** Makes @memory hold @n elements of @size bytes; of large ones the system may make large pages, which fill faster. */
static gpointer
resize (gpointer memory, gsize n, gsize size)
{
  gpointer  resized = g_realloc_n (memory, n, size);
#ifdef MADV_HUGEPAGE
  guintptr  page = (guintptr) sysconf (_SC_PAGESIZE);
  guintptr  begin = ((guintptr) resized + page - 1) / page * page;
  guintptr  end = ((guintptr) resized + n * size) / page * page;

  if (n * size >= LARGE_BYTES)
    madvise ((gpointer) begin, end - begin, MADV_HUGEPAGE);
#endif
  return resized;
}

static void
reserve (OpBatch *batch, gsize n_more)
{
  gsize needed = batch->n_records + n_more;

  if (needed <= batch->capacity)
    return;
  batch->capacity = MAX (MAX (needed, batch->capacity * 2), MIN_CAPACITY);
  batch->records = resize (batch->records, batch->capacity, sizeof *batch->records);
  batch->times = resize (batch->times, batch->capacity, sizeof *batch->times);
  for (guint i = 0; i < batch->n_columns; i++)
    batch->columns[i].values = resize (batch->columns[i].values, batch->capacity, sizeof (guint64));
}

OpBatch *
op_batch_new (OpTable *table, const guint *columns, guint n_columns, gsize capacity)
{
  OpBatch *batch = g_new0 (OpBatch, 1);

  G_STATIC_ASSERT (sizeof (double) == 8 && sizeof (OpTime) == 8 && sizeof (gsize) <= 8);
  g_atomic_ref_count_init (&batch->ref_count);
  batch->table = op_table_ref (table);
  batch->n_columns = columns != NULL ? n_columns : table->n_columns;
  batch->columns = g_new0 (Column, batch->n_columns);
  batch->texts = g_string_new (NULL);
  for (guint i = 0; i < batch->n_columns; i++)
    {
      Column *column = &batch->columns[i];

      column->table_column = columns != NULL ? columns[i] : i;
      column->type = op_table_get_column (table, column->table_column, NULL)->type;
      column->kind = op_type_kind (column->type);
    }
  op_batch_clear (batch);
  reserve (batch, capacity);
  return batch;
}

OpBatch *
op_batch_ref (OpBatch *batch)
{
  g_atomic_ref_count_inc (&batch->ref_count);
  return batch;
}

void
op_batch_unref (OpBatch *batch)
{
  if (!g_atomic_ref_count_dec (&batch->ref_count))
    return;
  for (guint i = 0; i < batch->n_columns; i++)
    g_free (batch->columns[i].values);
  g_free (batch->columns);
  g_free (batch->records);
  g_free (batch->times);
  g_string_free (batch->texts, TRUE);
  op_table_unref (batch->table);
  g_free (batch);
}

/** Keeps a text and returns its place; one that equals the text at @previous is not kept twice. */
static gsize
keep_text (OpBatch *batch, gsize previous, const char *text, gsize length)
{
  gsize place = batch->texts->len;

  if (length == 0 || text[0] == '\0')
    return 0;
  op_text_append_utf8 (batch->texts, text, length);
  if (strcmp (batch->texts->str + place, batch->texts->str + previous) == 0)
    {
      g_string_truncate (batch->texts, place);
      return previous;
    }
  g_string_append_c (batch->texts, '\0');
  return place;
}

/** Puts @count values that lie @stride bytes apart into the rows from @row on. */
static void
fill_column (OpBatch *batch, Column *column, gsize row, const guint8 *bytes, gsize size, gsize stride, gsize count)
{
  OpTime *times = column->values;
  gsize  *places = column->values;

  switch (column->kind)
    {
    case OP_KIND_NUMBER:
      op_value_get_numbers (column->type, bytes, stride, count, (double *) column->values + row);
      break;
    case OP_KIND_TIME:
      for (gsize i = row; i < row + count; i++, bytes += stride)
        times[i] = op_value_get_time (column->type, bytes);
      break;
    case OP_KIND_TEXT:
      for (gsize i = row; i < row + count; i++, bytes += stride)
        places[i] = keep_text (batch, i > 0 ? places[i - 1] : 0, (const char *) bytes, size);
      break;
    }
}

static void
fill_from_strided_values (OpBatch *batch, gsize row, const guint8 *values, gsize stride, gsize count)
{
  for (guint i = 0; i < batch->n_columns; i++)
    {
      Column        *column = &batch->columns[i];
      guint          element;
      const OpField *field = op_table_get_column (batch->table, column->table_column, &element);

      fill_column (batch, column, row, values + field->offset + element * field->element_size, field->element_size,
                   stride, count);
    }
}

static void
fill_from_fixed_records (OpBatch *batch, gsize row, const guint8 *payload, gsize count)
{
  gsize stride = op_table_get_payload_size (batch->table), stamp = stride - batch->table->record_size;

  fill_from_strided_values (batch, row, payload + stamp, stride, count);
  for (gsize i = 0; stamp > 0 && i < count; i++)
    batch->times[row + i] = op_value_get_time (batch->table->time_type, payload + i * stride);
}

/** Finds where each value of the record at @bytes begins; returns the record's end. */
static const guint8 *
locate_values (const OpTable *table, const guint8 *bytes, const guint8 **places)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      const OpField *field = op_table_get_column (table, i, NULL);

      places[i] = bytes;
      bytes += field->type == OP_TYPE_ASCIIZ ? strlen ((const char *) bytes) + 1 : field->element_size;
    }
  return bytes;
}

static void
fill_from_variable_records (OpBatch *batch, gsize row, const guint8 *payload, gsize count)
{
  OpTable                  *table = batch->table;
  g_autofree const guint8 **places = g_new (const guint8 *, table->n_columns);

  for (gsize i = row; i < row + count; i++)
    {
      if (op_table_is_event (table))
        {
          batch->times[i] = op_value_get_time (table->time_type, payload);
          payload += table->stamp_size;
        }
      payload = locate_values (table, payload, places);
      for (guint j = 0; j < batch->n_columns; j++)
        {
          Column       *column = &batch->columns[j];
          const guint8 *value = places[column->table_column];
          gsize         size = column->type == OP_TYPE_ASCIIZ
                                 ? strlen ((const char *) value)
                                 : op_table_get_column (table, column->table_column, NULL)->element_size;

          fill_column (batch, column, i, value, size, 0, 1);
        }
    }
}

gboolean
op_batch_append_payload (OpBatch *batch, guint32 first, guint32 count, OpTime first_time, const guint8 *payload,
                         gsize length, GError **error)
{
  gsize row = batch->n_records;

  if (!op_payload_check (batch->table, count, payload, length, error))
    return FALSE;
  reserve (batch, count);
  for (guint32 i = 0; i < count; i++)
    {
      batch->records[row + i] = first + i;
      batch->times[row + i] = op_time_add_intervals (first_time, batch->table->interval, i);
    }
  if (batch->table->record_size > 0)
    fill_from_fixed_records (batch, row, payload, count);
  else
    fill_from_variable_records (batch, row, payload, count);
  batch->n_records += count;
  return TRUE;
}

gboolean
op_batch_append_chunk (OpBatch *batch, const OpChunk *chunk, GError **error)
{
  gsize         length;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &length);

  return op_batch_append_payload (batch, chunk->first, chunk->count, chunk->first_time, bytes, length, error);
}

void
op_batch_append_rows (OpBatch *batch, const guint32 *records, const OpTime *times, const guint8 *values, gsize stride,
                      gsize count)
{
  g_return_if_fail (batch->table->record_size > 0 && stride >= batch->table->record_size);

  reserve (batch, count);
  memcpy (batch->records + batch->n_records, records, count * sizeof *records);
  memcpy (batch->times + batch->n_records, times, count * sizeof *times);
  fill_from_strided_values (batch, batch->n_records, values, stride, count);
  batch->n_records += count;
}

gsize
op_batch_append_row (OpBatch *batch, guint32 record, OpTime time)
{
  gsize row = batch->n_records;

  reserve (batch, 1);
  batch->records[row] = record;
  batch->times[row] = time;
  for (guint i = 0; i < batch->n_columns; i++)
    {
      Column *column = &batch->columns[i];

      if (column->kind == OP_KIND_NUMBER)
        ((double *) column->values)[row] = NAN;
      else if (column->kind == OP_KIND_TIME)
        ((OpTime *) column->values)[row] = OP_TIME_UNKNOWN;
      else
        ((gsize *) column->values)[row] = 0;
    }
  batch->n_records++;
  return row;
}

static gboolean
is_place (const OpBatch *batch, guint column, gsize row, OpKind kind)
{
  return column < batch->n_columns && row < batch->n_records && batch->columns[column].kind == kind;
}

void
op_batch_set_number (OpBatch *batch, guint column, gsize row, double number)
{
  g_return_if_fail (is_place (batch, column, row, OP_KIND_NUMBER));

  ((double *) batch->columns[column].values)[row] = number;
}

void
op_batch_set_time (OpBatch *batch, guint column, gsize row, OpTime time)
{
  g_return_if_fail (is_place (batch, column, row, OP_KIND_TIME));

  ((OpTime *) batch->columns[column].values)[row] = time;
}

void
op_batch_set_text (OpBatch *batch, guint column, gsize row, const char *text, gssize length)
{
  gsize *places;

  g_return_if_fail (is_place (batch, column, row, OP_KIND_TEXT));

  places = batch->columns[column].values;
  places[row] = keep_text (batch, row > 0 ? places[row - 1] : 0, text, length < 0 ? strlen (text) : (gsize) length);
}

void
op_batch_clear (OpBatch *batch)
{
  batch->n_records = 0;
  g_string_truncate (batch->texts, 0);
  g_string_append_c (batch->texts, '\0');
}

OpTable *
op_batch_get_table (const OpBatch *batch)
{
  return batch->table;
}

gsize
op_batch_get_n_records (const OpBatch *batch)
{
  return batch->n_records;
}

guint
op_batch_get_n_columns (const OpBatch *batch)
{
  return batch->n_columns;
}

guint
op_batch_get_table_column (const OpBatch *batch, guint column)
{
  g_return_val_if_fail (column < batch->n_columns, 0);

  return batch->columns[column].table_column;
}

OpKind
op_batch_get_kind (const OpBatch *batch, guint column)
{
  g_return_val_if_fail (column < batch->n_columns, OP_KIND_NUMBER);

  return batch->columns[column].kind;
}

OpType
op_batch_get_type (const OpBatch *batch, guint column)
{
  g_return_val_if_fail (column < batch->n_columns, OP_TYPE_BYTE);

  return batch->columns[column].type;
}

const guint32 *
op_batch_get_records (const OpBatch *batch)
{
  return batch->records;
}

const OpTime *
op_batch_get_times (const OpBatch *batch)
{
  return batch->times;
}

void
op_batch_get_span (const OpBatch *batch, OpTime *first, OpTime *last)
{
  *first = *last = batch->n_records > 0 ? batch->times[0] : OP_TIME_UNKNOWN;
  for (gsize i = 1; i < batch->n_records; i++)
    {
      *first = MIN (*first, batch->times[i]);
      *last = MAX (*last, batch->times[i]);
    }
}

const double *
op_batch_get_numbers (const OpBatch *batch, guint column)
{
  g_return_val_if_fail (op_batch_get_kind (batch, column) == OP_KIND_NUMBER, NULL);

  return batch->columns[column].values;
}

const OpTime *
op_batch_get_time_values (const OpBatch *batch, guint column)
{
  g_return_val_if_fail (op_batch_get_kind (batch, column) == OP_KIND_TIME, NULL);

  return batch->columns[column].values;
}

const char *
op_batch_get_text (const OpBatch *batch, guint column, gsize row)
{
  g_return_val_if_fail (is_place (batch, column, row, OP_KIND_TEXT), NULL);

  return batch->texts->str + ((gsize *) batch->columns[column].values)[row];
}

static void
append_time (GString *text, OpTime time)
{
  char buffer[OP_TIME_TEXT_SIZE];

  if (time == OP_TIME_UNKNOWN)
    g_string_append (text, "NAN");
  else
    g_string_append_len (text, buffer, op_time_format (time, buffer));
}

void
op_batch_append_value_text (const OpBatch *batch, guint column, gsize row, GString *text)
{
  const Column *shown;
  char          buffer[OP_VALUE_TEXT_SIZE];

  g_return_if_fail (column < batch->n_columns && row < batch->n_records);

  shown = &batch->columns[column];
  switch (shown->kind)
    {
    case OP_KIND_NUMBER:
      g_string_append_len (text, buffer, op_value_format_number (shown->type, ((double *) shown->values)[row], buffer));
      break;
    case OP_KIND_TIME:
      append_time (text, ((OpTime *) shown->values)[row]);
      break;
    case OP_KIND_TEXT:
      g_string_append (text, op_batch_get_text (batch, column, row));
      break;
    }
}
