/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/collect.h"
#include "tests/fuzz/fuzz.h"
#include "tests/pakbus/vectors.h"

#define N_TABLES 4

static OpTable *
build_table (guint i)
{
  static const OpType time_types[N_TABLES] = { OP_TYPE_NSEC, OP_TYPE_SEC, OP_TYPE_USEC, OP_TYPE_NSEC };
  OpTableBuilder *builder = op_table_builder_new ("T", 100, time_types[i], 0, i % 2 == 0 ? OP_SECOND : 0);
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, "A", "Avg", "V", (guint32[]) { 10 }, 1);
  if (i == 3)
    op_table_builder_add_field (builder, OP_TYPE_ASCIIZ, TRUE, "Z", "Smp", "", NULL, 0);
  if (i == 1)
    op_table_builder_add_field (builder, OP_TYPE_ASCII, TRUE, "S", "Smp", "", (guint32[]) { 2, 5 }, 2);
  if (i == 2)
    op_table_builder_add_field (builder, OP_TYPE_NSEC, TRUE, "At", "TMx", "", NULL, 0);
  table = op_table_builder_finish (builder, 2, NULL);
  g_assert_nonnull (table);
  return table;
}

static OpTable *
get_table (guint i)
{
  static OpTable *tables[N_TABLES];

  if (tables[i] == NULL)
    tables[i] = build_table (i);
  return tables[i];
}

/* What is accepted is written again as it was, and decodes to as many records as it says. */
static void
check_block (OpTable *table, const PakCollectBlock *block, const guint8 *body, gsize length)
{
  g_autoptr (GByteArray) again = g_byte_array_new ();
  g_autoptr (OpBatch) batch = NULL;
  g_autoptr (GError) error = NULL;

  pak_collect_append (table, block, again);
  g_assert_cmpuint (again->len, ==, length - 1);
  g_assert_cmpmem (again->data, MIN (8, again->len), body, MIN (8, length - 1));
  /* Between, an interval table has its stamp, whose nanoseconds may mean nothing. */
  if (block->length > 0)
    g_assert_cmpmem (again->data + again->len - block->length, block->length, block->payload, block->length);
  g_assert_true (block->length == 0
                 || (block->payload >= body && block->payload + block->length == body + length - 1));
  if (block->is_offset || block->count == 0)
    return;
  batch = op_batch_new (table, NULL, 0, block->count);
  op_batch_append_payload (batch, block->first, block->count, block->first_time, block->payload, block->length,
                           &error);
  g_assert_no_error (error);
  g_assert_cmpuint (op_batch_get_n_records (batch), ==, block->count);
  for (guint column = 0; column < op_batch_get_n_columns (batch); column++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      op_batch_append_value_text (batch, column, block->count - 1, text);
      g_assert_true (g_utf8_validate (text->str, (gssize) text->len, NULL));
    }
}

/* A byte that picks the table, then the answer's body behind its code. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  PakCollectBlock block;
  gboolean more;
  OpTable *table;

  if (size == 0)
    return 0;
  table = get_table (data[0] % N_TABLES);
  if (!pak_collect_parse (table, data + 1, size - 1, &block, &more, &error))
    g_assert_nonnull (error);
  else if (size > 2)
    check_block (table, &block, data + 1, size - 1);
  return 0;
}

static void
add_seed (GPtrArray *seeds, guint table, const PakCollectBlock *block)
{
  GByteArray *seed = g_byte_array_new ();
  guint8 first = (guint8) table;

  g_byte_array_append (seed, &first, 1);
  pak_collect_append (get_table (table), block, seed);
  g_byte_array_append (seed, (const guint8 *) "\0", 1);
  g_ptr_array_add (seeds, seed);
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  GByteArray *real = pak_vector_bytes ("00");
  g_autoptr (GByteArray) body = pak_vector_bytes (pak_collect_body_hex);
  static const guint8 payload[256] = { 0 };
  /* Of three records: values, and in event tables stamps; the last table's texts are empty. */
  static const gsize lengths[N_TABLES] = { 3 * 20, 3 * (4 + 30), 3 * 28, 3 * (8 + 21) };

  g_byte_array_append (real, body->data, body->len);
  g_ptr_array_add (seeds, real);
  for (guint i = 0; i < N_TABLES; i++)
    {
      PakCollectBlock whole = { .table_number = 2, .first = 7, .count = 3, .payload = payload, .length = lengths[i] };
      PakCollectBlock part = { .table_number = 2, .first = 7, .count = 1, .is_offset = TRUE, .byte_offset = 5,
                               .payload = payload, .length = 9 };
      PakCollectBlock none = { .table_number = 2, .first = 7 };

      add_seed (seeds, i, &whole);
      add_seed (seeds, i, &part);
      add_seed (seeds, i, &none);
    }
}
