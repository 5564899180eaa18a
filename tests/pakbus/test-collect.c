/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/collect.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

static OpTable *
make_table (OpType time_type, OpTime interval, OpType field_type)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("T", 100, time_type, 0, interval);
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_FP2, TRUE, "A", "Smp", "", NULL, 0);
  op_table_builder_add_field (builder, field_type, TRUE, "B", "Smp", "", NULL, 0);
  table = op_table_builder_finish (builder, 2, &error);
  g_assert_no_error (error);
  return table;
}

/* Parses, and checks that what was parsed is written again as it was. */
static PakCollectBlock
parse (const OpTable *table, const GByteArray *body, gboolean *more)
{
  PakCollectBlock block;
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) again = g_byte_array_new ();

  g_assert_true (pak_collect_parse (table, body->data, body->len, &block, more, &error));
  g_assert_no_error (error);
  if (body->len > 1)
    {
      pak_collect_append (table, &block, again);
      g_assert_cmpmem (again->data, again->len, body->data, body->len - 1);
    }
  return block;
}

static void
assert_refused (const OpTable *table, const char *hex, const char *text)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);
  g_autofree guint8 *body = g_memdup2 (bytes->data, bytes->len);
  g_autofree char *message = g_strdup_printf ("Records of table T: %s", text);
  g_autoptr (GError) error = NULL;
  PakCollectBlock block;
  gboolean more;

  g_assert_false (pak_collect_parse (table, body, bytes->len, &block, &more, &error));
  g_assert_error (error, PAK_ERROR, PAK_ERROR_RECORD);
  g_assert_cmpstr (error->message, ==, message);
}

/* Six records of a real CR1000, with the texts that PyCampbellCR1000's own test expects. */
static void
test_cr1000 (void)
{
  static const char *const texts[6][10] = {
    { "13.61", "5008", "2506", "2481", "2507", "2526", "-201.6", "-785.2", "19.08", "121.3" },
    { "13.61", "5008", "2506", "2481", "2507", "2526", "-201.1", "-784.4", "18.72", "122.3" },
    { "13.61", "5008", "2506", "2481", "2507", "2526", "-200.5", "-785.6", "19.03", "121.5" },
    { "13.61", "5008", "2507", "2481", "2507", "2526", "-196.8", "-786.2", "18.66", "121.8" },
    { "13.61", "5008", "2506", "2481", "2507", "2526", "-200", "-785.3", "19.95", "121.3" },
    { "13.61", "5008", "2506", "2481", "2507", "2526", "-199.2", "-789.2", "18.92", "120.3" },
  };
  g_autoptr (GByteArray) definition = pak_vector_bytes (pak_table1_definition_hex);
  g_autoptr (GByteArray) body = pak_vector_bytes (pak_collect_body_hex);
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTable) table = op_table_parse (definition->data, definition->len, 2, NULL, &error);
  g_autoptr (OpBatch) batch = NULL;
  PakCollectBlock block;
  gboolean more;

  g_assert_no_error (error);
  block = parse (table, body, &more);
  g_assert_false (more);
  g_assert_cmpuint (block.table_number, ==, 2);
  g_assert_cmpuint (block.first, ==, 89052);
  g_assert_false (block.is_offset);
  g_assert_cmpuint (block.count, ==, 6);
  g_assert_cmpint (block.first_time, ==, 712158000 * OP_SECOND);
  g_assert_true (block.payload == body->data + 16);
  g_assert_cmpuint (block.length, ==, 120);

  batch = op_batch_new (table, NULL, 0, 6);
  op_batch_append_payload (batch, block.first, block.count, block.first_time, block.payload, block.length, &error);
  g_assert_no_error (error);
  for (guint row = 0; row < 6; row++)
    for (guint column = 0; column < 10; column++)
      {
        g_autoptr (GString) text = g_string_new (NULL);

        op_batch_append_value_text (batch, column, row, text);
        g_assert_cmpstr (text->str, ==, texts[row][column]);
      }
}

static OpTable *
make_cr10x_table (void)
{
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("Met", 100, OP_TYPE_USEC, 0, 0);
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_BYTE, TRUE, "Flags", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_BYTE, TRUE, "Ports", "", "", NULL, 0);
  op_table_builder_add_field (builder, OP_TYPE_FP4, TRUE, "Values", "", "", (guint32[]) { 11 }, 1);
  table = op_table_builder_finish (builder, 4, &error);
  g_assert_no_error (error);
  return table;
}

/* A real CR10X-PB: USec stamps. */
static void
test_cr10x (void)
{
  static const double values[] = { 13.768627, 0, 193.308334, -0.070694, 475, 23.401999, 59.674, 0, 0, 0, 23.51815 };
  g_autoptr (GByteArray) body = pak_vector_bytes (pak_cr10x_collect_body_hex);
  g_autoptr (OpTable) table = make_cr10x_table ();
  PakCollectBlock block;
  gboolean more;

  g_byte_array_remove_index (body, 0); /* RespCode */
  for (guint i = 0; i < body->len; i++)
    if (body->data[i] == 0xBC)
      {
        g_byte_array_remove_index (body, i);
        body->data[i] -= 0x20;
      }
  block = parse (table, body, &more);
  g_assert_false (more);
  g_assert_cmpuint (block.first, ==, 1764);
  g_assert_cmpuint (block.count, ==, 1);
  g_assert_cmpint (block.first_time, ==, G_GINT64_CONSTANT (103205824200000) * 10000);
  g_assert_cmpuint (block.length, ==, 52);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpfloat_with_epsilon (op_value_get_number (OP_TYPE_FP4, block.payload + 8 + 4 * i), values[i], 1e-5);
}

/* Sec stamps, as of a CR200, in interval and event tables. */
static void
test_stamps (void)
{
  g_autoptr (GByteArray) interval_body = pak_vector_bytes ("0002 00000007 0002 2A72AB30 4551 4551 4551 4551 FF");
  g_autoptr (GByteArray) event_body = pak_vector_bytes ("0002 00000007 0002 2A72AB30 4551 4551 2A72AB39 4551 4551 01");
  g_autoptr (OpTable) interval_table = make_table (OP_TYPE_SEC, 60 * OP_SECOND, OP_TYPE_FP2);
  g_autoptr (OpTable) event_table = make_table (OP_TYPE_SEC, 0, OP_TYPE_FP2);
  PakCollectBlock block;
  gboolean more;

  block = parse (interval_table, interval_body, &more);
  g_assert_true (more);
  g_assert_cmpint (block.first_time, ==, 712158000 * OP_SECOND);
  g_assert_cmpuint (block.length, ==, 8);
  block = parse (event_table, event_body, &more);
  g_assert_true (more);
  g_assert_cmpint (block.first_time, ==, 712158000 * OP_SECOND);
  g_assert_cmpuint (block.length, ==, 16);
}

static void
test_empty (void)
{
  g_autoptr (OpTable) table = make_table (OP_TYPE_NSEC, 60 * OP_SECOND, OP_TYPE_FP2);
  g_autoptr (GByteArray) no_records = pak_vector_bytes ("0002 00000007 0000 00");
  g_autoptr (GByteArray) no_block = pak_vector_bytes ("01");
  PakCollectBlock block;
  gboolean more;

  block = parse (table, no_records, &more);
  g_assert_false (more);
  g_assert_cmpuint (block.count, ==, 0);
  g_assert_cmpuint (block.first, ==, 7);
  g_assert_cmpint (block.first_time, ==, OP_TIME_UNKNOWN);
  block = parse (table, no_block, &more);
  g_assert_true (more);
  g_assert_cmpuint (block.count, ==, 0);
  g_assert_cmpuint (block.table_number, ==, 2);
  g_assert_cmpuint (block.length, ==, 0);
}

static void
test_variable_length (void)
{
  g_autoptr (OpTable) table = make_table (OP_TYPE_SEC, 0, OP_TYPE_ASCIIZ);
  g_autoptr (GByteArray) body = pak_vector_bytes ("0002 00000007 0002 2A72AB30 4551 414200 2A72AB39 4551 00 00");
  PakCollectBlock block;
  gboolean more;

  block = parse (table, body, &more);
  g_assert_cmpuint (block.count, ==, 2);
  g_assert_cmpuint (block.length, ==, 16);
  assert_refused (table, "0002 00000007 0002 2A72AB30 4551 414200 2A72AB39 4551 41 00",
                  "2 records do not take 16 bytes");
  assert_refused (table, "0002 00000007 0001 2A72AB30 4551 414200 41 00", "1 records do not take 10 bytes");
}

/* Offsets count from the time stamp; only the first fragment has it. */
static void
test_fragments (void)
{
  g_autoptr (OpTable) table = make_table (OP_TYPE_NSEC, 60 * OP_SECOND, OP_TYPE_FP2);
  g_autoptr (GByteArray) first = pak_vector_bytes ("0002 00000007 80000000 2A72AB30 00000000 45 FF");
  g_autoptr (GByteArray) rest = pak_vector_bytes ("0002 00000007 80000009 514551 00");
  PakCollectBlock block;
  gboolean more;

  block = parse (table, first, &more);
  g_assert_true (more);
  g_assert_true (block.is_offset);
  g_assert_cmpuint (block.byte_offset, ==, 0);
  g_assert_cmpuint (block.count, ==, 1);
  g_assert_cmpint (block.first_time, ==, 712158000 * OP_SECOND);
  g_assert_cmpuint (block.length, ==, 9);
  block = parse (table, rest, &more);
  g_assert_false (more);
  g_assert_cmpuint (block.byte_offset, ==, 9);
  g_assert_cmpint (block.first_time, ==, OP_TIME_UNKNOWN);
  g_assert_cmpuint (block.length, ==, 3);
  assert_refused (table, "0002 00000007 80000009 51455100 00", "4 bytes from byte 9 on are no fragment of a record");
  assert_refused (table, "0002 00000007 80000009 00", "0 bytes from byte 9 on are no fragment of a record");
  assert_refused (table, "0002 00000007 FFFFFFFF 51 00",
                  "1 bytes from byte 2147483647 on are no fragment of a record");
}

/* A fragment of a far record, as an IEEE4 array of 500 elements has: written and read alike. */
static void
test_far_offset (void)
{
  static const guint8 bytes[] = { 1, 2, 3 };
  g_autoptr (GError) error = NULL;
  OpTableBuilder *builder = op_table_builder_new ("Big", 10, OP_TYPE_NSEC, 0, OP_SECOND);
  g_autoptr (OpTable) table = NULL;
  g_autoptr (GByteArray) body = g_byte_array_new ();
  PakCollectBlock block = { .table_number = 2, .first = 0xFFFFFFFF, .is_offset = TRUE, .count = 1,
                            .byte_offset = 70005, .first_time = OP_TIME_UNKNOWN, .payload = bytes, .length = 3 };
  gboolean more;

  op_table_builder_add_field (builder, OP_TYPE_IEEE8, TRUE, "A", "", "", (guint32[]) { 9000 }, 1);
  table = op_table_builder_finish (builder, 2, &error);
  g_assert_no_error (error);
  pak_collect_append (table, &block, body);
  g_byte_array_append (body, (const guint8 *) "\1", 1);
  block = parse (table, body, &more);
  g_assert_cmpuint (block.byte_offset, ==, 70005);
  g_assert_cmpuint (block.first, ==, 0xFFFFFFFF);
}

static void
test_refusals (void)
{
  g_autoptr (OpTable) table = make_table (OP_TYPE_NSEC, 60 * OP_SECOND, OP_TYPE_FP2);

  assert_refused (table, "", "the answer is empty");
  assert_refused (table, "0002 00000007 00", "6 bytes are no block");
  assert_refused (table, "0002 00000007 8000 00", "8 bytes are no fragment");
  assert_refused (table, "0003 00000007 0000 00", "they are of table number 3 instead of 2");
  assert_refused (table, "0002 00000007 0000 0000", "1 bytes follow an empty block");
  assert_refused (table, "0002 00000007 0001 2A72AB30 00", "4 bytes are too few for a time stamp");
  assert_refused (table, "0002 00000007 0001 2A72AB30 00000000 00", "1 records do not take 8 bytes");
  assert_refused (table, "0002 00000007 0001 2A72AB30 00000000 455145 00", "1 records do not take 11 bytes");
  assert_refused (table, "0002 00000007 0001 2A72AB30 00000000 4551455145 00", "1 records do not take 13 bytes");
  assert_refused (table, "0002 00000007 7FFF 2A72AB30 00000000 45514551 00", "32767 records do not take 12 bytes");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/collect/cr1000", test_cr1000);
  g_test_add_func ("/collect/cr10x", test_cr10x);
  g_test_add_func ("/collect/stamps", test_stamps);
  g_test_add_func ("/collect/empty", test_empty);
  g_test_add_func ("/collect/variable-length", test_variable_length);
  g_test_add_func ("/collect/fragments", test_fragments);
  g_test_add_func ("/collect/far-offset", test_far_offset);
  g_test_add_func ("/collect/refusals", test_refusals);
  return g_test_run ();
}
