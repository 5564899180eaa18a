/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/batch.h"

/** Finds where record @n (n <= count) begins in a payload that is known to fit, so n = count gives its end. */
static gsize
find_record (const OpTable *table, const guint8 *bytes, gsize length, guint32 n)
{
  gboolean stamped = op_table_is_event (table);
  gsize    offset = 0;

  if (table->record_size > 0)
    return n * op_table_get_payload_size (table);
  for (guint32 i = 0; i < n; i++)
    offset += op_table_record_length (table, stamped, bytes + offset, length - offset);
  return offset;
}

static gboolean
check_fixed_records (const OpTable *table, guint32 count, gsize length, GError **error)
{
  guint64 record = op_table_get_payload_size (table);
  guint64 needed = record * count;

  if (needed == length)
    return TRUE;
  g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD,
               "%u records of “%s” take %" G_GUINT64_FORMAT " bytes each, %" G_GUINT64_FORMAT " bytes too %s came",
               count, table->name, record, needed > length ? needed - length : length - needed,
               needed > length ? "few" : "many");
  return FALSE;
}

/** Walks records whose length lies in their texts. */
static gboolean
check_variable_records (const OpTable *table, guint32 count, const guint8 *bytes, gsize length, GError **error)
{
  gsize offset = 0;

  for (guint32 i = 0; i < count; i++)
    {
      gsize size = op_table_record_length (table, op_table_is_event (table), bytes + offset, length - offset);

      if (size == 0)
        {
          g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD,
                       "Record %u of %u of “%s” does not fit into the %" G_GSIZE_FORMAT " bytes left for it",
                       i + 1, count, table->name, length - offset);
          return FALSE;
        }
      offset += size;
    }
  if (offset == length)
    return TRUE;
  g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD,
               "%" G_GSIZE_FORMAT " bytes too many behind %u records of “%s”", length - offset, count,
               table->name);
  return FALSE;
}

gboolean
op_payload_check (const OpTable *table, guint32 count, const guint8 *bytes, gsize length, GError **error)
{
  if (table->record_size > 0)
    return check_fixed_records (table, count, length, error);
  return check_variable_records (table, count, bytes, length, error);
}

/** Time of record @n of a payload that is known to fit. */
static OpTime
find_time (const OpTable *table, OpTime first_time, const guint8 *bytes, gsize length, guint32 n)
{
  if (op_table_is_event (table))
    return op_value_get_time (table->time_type, bytes + find_record (table, bytes, length, n));
  return op_time_add_intervals (first_time, table->interval, n);
}

static OpChunk *
create_chunk (const OpTable *table, guint32 first, guint32 count, OpTime first_time, GBytes *payload)
{
  OpChunk      *chunk = g_new0 (OpChunk, 1);
  gsize         length;
  const guint8 *bytes = g_bytes_get_data (payload, &length);

  chunk->first = first;
  chunk->count = count;
  chunk->first_time = find_time (table, first_time, bytes, length, 0);
  chunk->last_time = find_time (table, first_time, bytes, length, count - 1);
  chunk->payload = g_bytes_ref (payload);
  return chunk;
}

OpChunk *
op_chunk_new (const OpTable *table, guint32 first, guint32 count, OpTime first_time, GBytes *payload, GError **error)
{
  gsize         length;
  const guint8 *bytes = g_bytes_get_data (payload, &length);

  if (count == 0)
    {
      g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_RECORD, "No records of “%s”", table->name);
      return NULL;
    }
  if (!op_payload_check (table, count, bytes, length, error))
    return NULL;
  return create_chunk (table, first, count, first_time, payload);
}

OpChunk *
op_chunk_skip (const OpChunk *chunk, const OpTable *table, guint32 n)
{
  gsize              length;
  const guint8      *bytes = g_bytes_get_data (chunk->payload, &length);
  gsize              offset;
  g_autoptr (GBytes) rest = NULL;

  g_return_val_if_fail (n > 0 && n < chunk->count, NULL);

  offset = find_record (table, bytes, length, n);
  rest = g_bytes_new_from_bytes (chunk->payload, offset, length - offset);
  return create_chunk (table, chunk->first + n, chunk->count - n,
                       op_time_add_intervals (chunk->first_time, table->interval, n), rest);
}

OpChunk *
op_chunk_head (const OpChunk *chunk, const OpTable *table, guint32 n)
{
  gsize              length;
  const guint8      *bytes = g_bytes_get_data (chunk->payload, &length);
  g_autoptr (GBytes) head = NULL;

  g_return_val_if_fail (n > 0 && n < chunk->count, NULL);

  head = g_bytes_new_from_bytes (chunk->payload, 0, find_record (table, bytes, length, n));
  return create_chunk (table, chunk->first, n, chunk->first_time, head);
}

void
op_chunk_free (OpChunk *chunk)
{
  g_bytes_unref (chunk->payload);
  g_free (chunk);
}
