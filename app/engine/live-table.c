/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/live-table.h"

/* Of a narrow table, and values of a wide one. */
#define MAX_ROWS   1200
#define MAX_VALUES 200000
#define MIN_ROWS   20

static void
clear (OpLiveTable *self)
{
  op_batch_unref (self->batch);
  op_table_unref (self->table);
  g_clear_pointer (&self->payload, g_bytes_unref);
  g_clear_error (&self->error);
}

OpLiveTable *
op_live_table_new (OpTable *table)
{
  OpLiveTable *self = g_rc_box_new0 (OpLiveTable);

  self->table = op_table_ref (table);
  self->batch = op_batch_new (table, NULL, 0, 0);
  return self;
}

OpLiveTable *
op_live_table_ref (OpLiveTable *self)
{
  return g_rc_box_acquire (self);
}

void
op_live_table_unref (OpLiveTable *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) clear);
}

static gsize
get_max_rows (const OpLiveTable *self)
{
  return CLAMP (MAX_VALUES / MAX (self->table->n_columns, 1), MIN_ROWS, MAX_ROWS);
}

static void
copy_row (const OpBatch *from, gsize row, OpBatch *to)
{
  gsize copy = op_batch_append_row (to, op_batch_get_records (from)[row], op_batch_get_times (from)[row]);

  for (guint i = 0; i < op_batch_get_n_columns (from); i++)
    switch (op_batch_get_kind (from, i))
      {
      case OP_KIND_NUMBER:
        op_batch_set_number (to, i, copy, op_batch_get_numbers (from, i)[row]);
        break;
      case OP_KIND_TIME:
        op_batch_set_time (to, i, copy, op_batch_get_time_values (from, i)[row]);
        break;
      case OP_KIND_TEXT:
        op_batch_set_text (to, i, copy, op_batch_get_text (from, i, row), -1);
        break;
      }
}

/* Forgets the older half. */
static void
make_room (OpLiveTable *self)
{
  gsize n = op_batch_get_n_records (self->batch);
  OpBatch *kept = op_batch_new (self->table, NULL, 0, n);

  for (gsize row = n / 2; row < n; row++)
    copy_row (self->batch, row, kept);
  op_batch_unref (self->batch);
  self->batch = kept;
}

static gboolean
is_same (const OpLiveTable *self, const OpChunk *newest)
{
  gsize n = op_batch_get_n_records (self->batch);

  return n > 0 && op_batch_get_records (self->batch)[n - 1] == newest->first
         && op_batch_get_times (self->batch)[n - 1] == newest->first_time
         && g_bytes_equal (self->payload, newest->payload);
}

gboolean
op_live_table_take (OpLiveTable *self, const OpChunk *chunk, gint64 now_us, GError **error)
{
  g_autoptr (OpChunk) tail = chunk->count > 1 ? op_chunk_skip (chunk, self->table, chunk->count - 1) : NULL;
  const OpChunk *newest = tail != NULL ? tail : chunk;
  gsize n = op_batch_get_n_records (self->batch);

  self->is_empty = FALSE;
  self->read_us = now_us;
  if (is_same (self, newest))
    return TRUE;
  /* The logger's clock was set back. */
  if (n > 0 && newest->first_time < op_batch_get_times (self->batch)[n - 1])
    op_batch_clear (self->batch);
  else if (n >= get_max_rows (self))
    make_room (self);
  if (!op_batch_append_chunk (self->batch, newest, error))
    return FALSE;
  g_clear_pointer (&self->payload, g_bytes_unref);
  self->payload = g_bytes_ref (newest->payload);
  self->renewed_us = now_us;
  return TRUE;
}

void
op_live_table_take_none (OpLiveTable *self, gint64 now_us)
{
  if (!self->is_empty)
    self->renewed_us = now_us;
  self->is_empty = TRUE;
  self->read_us = now_us;
  op_batch_clear (self->batch);
}
