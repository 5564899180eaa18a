/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect-private.h"

#include "protocol/text.h"
#include "protocol/value.h"

#include <string.h>

/* Records of a block that are told; the rest is counted. */
#define MAX_RECORDS 50

#define HEAD_SIZE  6 /* TableNbr and BegRecNbr */
#define COUNT_SIZE 2
#define BYTE_OFFSET_SIZE 4

/* A block of records, or a fragment of one, as a view into a message. */
typedef struct
{
  guint             number;
  OpTable          *table;
  gboolean         *wanted; /* by place in the definition; NULL: all fields */
  guint32           first;
  gboolean          is_offset;
  guint32           count;
  guint32           byte_offset;
  const guint8     *records; /* from TimeOfRec on */
  gsize             length;
} Block;

/* What is still to be read of a block. */
typedef struct
{
  const guint8 *at;
  gsize         left;
} Cursor;

static guint32
get_uint (const guint8 *bytes, gsize size)
{
  guint32 value = 0;

  for (gsize i = 0; i < size; i++)
    value = value << 8 | bytes[i];
  return value;
}

/* NULL when there are not that many. */
static const guint8 *
take (Cursor *cursor, gsize length)
{
  const guint8 *bytes = cursor->at;

  if (length > cursor->left)
    return NULL;
  cursor->at += length;
  cursor->left -= length;
  return bytes;
}

static void
block_clear (gpointer data)
{
  g_free (((Block *) data)->wanted);
}

static char *
make_value_text (OpType type, const guint8 *bytes, gsize size)
{
  char buffer[MAX (OP_VALUE_TEXT_SIZE, OP_TIME_TEXT_SIZE)];
  GString *text;

  switch (op_type_kind (type))
    {
    case OP_KIND_NUMBER:
      op_value_format_number (type, op_value_get_number (type, bytes), buffer);
      return g_strdup (buffer);
    case OP_KIND_TIME:
      op_time_format (op_value_get_time (type, bytes), buffer);
      return g_strdup (buffer);
    case OP_KIND_TEXT:
    default:
      text = g_string_new (NULL);
      op_text_append_utf8 (text, (const char *) bytes, size);
      return g_string_free (text, FALSE);
    }
}

static gboolean
read_element (const OpTable *table, const OpField *field, guint element, Cursor *cursor, GVariantBuilder *values)
{
  gboolean has_end = field->type == OP_TYPE_ASCIIZ;
  gsize size = has_end ? strnlen ((const char *) cursor->at, cursor->left) : field->element_size;
  const guint8 *bytes = take (cursor, size + has_end);

  if (bytes == NULL)
    return FALSE;
  if (values != NULL)
    {
      g_autofree char *name = op_table_dup_column_name (table, field->first_column + element);
      g_autofree char *text = make_value_text (field->type, bytes, size);

      g_variant_builder_add (values, "{sv}", name, pak_dissect_make_text (text));
    }
  return TRUE;
}

/* Adds the values to @values, if there is one. */
static gboolean
read_values (const Block *block, Cursor *cursor, GVariantBuilder *values)
{
  for (guint i = 0; i < block->table->n_fields; i++)
    {
      const OpField *field = &block->table->fields[i];
      gsize told = field->n_elements * field->element_size;

      if (block->wanted != NULL && !block->wanted[i])
        continue;
      for (guint element = 0; element < field->n_elements; element++)
        if (!read_element (block->table, field, element, cursor, values))
          return FALSE;
      /* Characters that make no whole string any more. */
      if (field->type == OP_TYPE_ASCII && take (cursor, field->dimension - told) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Whether the block's records are all there; @cursor ends behind them. */
static gboolean
measure (const Block *block, Cursor *cursor)
{
  gsize stamp_size = block->table->stamp_size;

  for (guint32 i = 0; i < block->count; i++)
    {
      gsize left = cursor->left;

      if ((i == 0 || op_table_is_event (block->table)) && take (cursor, stamp_size) == NULL)
        return FALSE;
      if (!read_values (block, cursor, NULL) || cursor->left == left)
        return FALSE;
    }
  return TRUE;
}

static void
add_record (const Block *block, guint32 number, OpTime time, Cursor *cursor, GVariantBuilder *records)
{
  GVariantBuilder values;
  char text[OP_TIME_TEXT_SIZE];

  op_time_format (time, text);
  g_variant_builder_init (&values, G_VARIANT_TYPE_VARDICT);
  read_values (block, cursor, &values);
  g_variant_builder_open (records, G_VARIANT_TYPE_VARDICT);
  pak_dissect_add (records, "RecNbr", g_variant_new_uint32 (number));
  pak_dissect_add (records, "TimeOfRec", g_variant_new_string (text));
  pak_dissect_add (records, "Values", g_variant_builder_end (&values));
  g_variant_builder_close (records);
}

static void
add_records (const Block *block, GVariantBuilder *builder)
{
  const OpTable *table = block->table;
  guint32 n_told = MIN (block->count, MAX_RECORDS);
  Cursor cursor = { block->records, block->length };
  GVariantBuilder records;
  OpTime time = OP_TIME_UNKNOWN;

  g_variant_builder_init (&records, G_VARIANT_TYPE ("aa{sv}"));
  for (guint32 i = 0; i < n_told; i++)
    {
      if (i == 0 || op_table_is_event (table))
        time = op_value_get_time (table->time_type, take (&cursor, table->stamp_size));
      else
        time = (OpTime) ((guint64) time + (guint64) table->interval);
      add_record (block, block->first + i, time, &cursor, &records);
    }
  pak_dissect_add (builder, "Records", g_variant_builder_end (&records));
  if (n_told < block->count)
    pak_dissect_add (builder, "RecordsLeftOut", g_variant_new_uint32 (block->count - n_told));
}

static void
add_block (const Block *block, const char *number_name, GVariantBuilder *builder)
{
  pak_dissect_add (builder, "TableNbr", g_variant_new_uint32 (block->number));
  pak_dissect_add (builder, "TableName", pak_dissect_make_text (block->table->name));
  pak_dissect_add (builder, number_name, g_variant_new_uint32 (block->first));
  pak_dissect_add (builder, "IsOffset", g_variant_new_uint32 (block->is_offset));
  if (block->is_offset)
    {
      pak_dissect_add (builder, "ByteOffset", g_variant_new_uint32 (block->byte_offset));
      pak_dissect_add (builder, "RecFrag", pak_dissect_make_hex (block->records, block->length));
      return;
    }
  pak_dissect_add (builder, "NbrOfRecs", g_variant_new_uint32 (block->count));
  add_records (block, builder);
}

/* The fields come in the table's order, whatever the order of the list (pakbus-facts E6). */
static void
read_wanted_fields (const PakMessage *asked, Block *block)
{
  guint n = pak_message_get_n_groups (asked, "Fields");

  if (n == 0)
    return;
  block->wanted = g_new0 (gboolean, block->table->n_fields + 1);
  for (guint i = 0; i < n; i++)
    {
      guint number = pak_message_get_uint (pak_message_get_group (asked, "Fields", i), "FieldNbr");

      if (number >= 1 && number <= block->table->n_fields)
        block->wanted[number - 1] = TRUE;
    }
}

/* The definition, if it is the one that was asked by. */
static gboolean
find_definition (PakMemory *memory, const PakPacket *packet, const PakMessage *command, Block *block)
{
  guint n = command != NULL ? pak_message_get_n_groups (command, "Tables") : 0;

  block->table = pak_memory_find_table (memory, packet->src_node, block->number);
  for (guint i = 0; i < n && block->table != NULL; i++)
    {
      const PakMessage *asked = pak_message_get_group (command, "Tables", i);

      if (pak_message_get_uint (asked, "TableNbr") != block->number)
        continue;
      if (pak_message_get_uint (asked, "TableDefSig") != block->table->signature)
        return FALSE;
      read_wanted_fields (asked, block);
      break;
    }
  return block->table != NULL;
}

/* IsOffset and what it decides, then the records: @cursor ends behind them. A fragment takes all there is. */
static gboolean
read_block_body (Block *block, Cursor *cursor)
{
  const guint8 *word = cursor->at;

  if (cursor->left < COUNT_SIZE)
    return FALSE;
  block->is_offset = (word[0] & 0x80) != 0;
  if (block->is_offset)
    {
      if (take (cursor, BYTE_OFFSET_SIZE) == NULL)
        return FALSE;
      block->byte_offset = get_uint (word, BYTE_OFFSET_SIZE) & 0x7FFFFFFF;
      block->length = cursor->left;
      block->records = take (cursor, cursor->left);
      return TRUE;
    }
  take (cursor, COUNT_SIZE);
  block->count = get_uint (word, COUNT_SIZE);
  block->records = cursor->at;
  if (!measure (block, cursor))
    return FALSE;
  block->length = (gsize) (cursor->at - block->records);
  return TRUE;
}

static gboolean
read_block (PakMemory *memory, const PakPacket *packet, const PakMessage *command, Cursor *cursor, Block *block)
{
  const guint8 *head = take (cursor, HEAD_SIZE);

  if (head == NULL)
    return FALSE;
  block->number = get_uint (head, 2);
  block->first = get_uint (head + 2, 4);
  return find_definition (memory, packet, command, block) && read_block_body (block, cursor);
}

/* All blocks; NULL when one cannot be read. */
static GArray *
read_blocks (PakMemory *memory, const PakPacket *packet, const PakMessage *command, Cursor *cursor)
{
  g_autoptr (GArray) blocks = g_array_new (FALSE, TRUE, sizeof (Block));

  g_array_set_clear_func (blocks, block_clear);
  while (cursor->left > 0)
    {
      g_array_set_size (blocks, blocks->len + 1);
      if (!read_block (memory, packet, command, cursor, &g_array_index (blocks, Block, blocks->len - 1)))
        return NULL;
    }
  return g_steal_pointer (&blocks);
}

static void
add_blocks (const GArray *blocks, GVariantBuilder *builder)
{
  GVariantBuilder groups;

  if (blocks->len == 1)
    {
      add_block (&g_array_index (blocks, Block, 0), "BegRecNbr", builder);
      return;
    }
  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < blocks->len; i++)
    {
      g_variant_builder_open (&groups, G_VARIANT_TYPE_VARDICT);
      add_block (&g_array_index (blocks, Block, i), "BegRecNbr", &groups);
      g_variant_builder_close (&groups);
    }
  pak_dissect_add (builder, "Blocks", g_variant_builder_end (&groups));
}

gboolean
pak_dissect_collected (PakMemory *memory, const PakPacket *packet, const PakMessage *response,
                       GVariantBuilder *builder)
{
  const PakMessage *command = pak_memory_find_command (memory, packet, PAK_MSG_COLLECT);
  gsize length;
  const guint8 *bytes = pak_message_get_bytes (response, "Records", &length);
  Cursor cursor = { bytes, length > 0 ? length - 1 : 0 };
  g_autoptr (GArray) blocks = read_blocks (memory, packet, command, &cursor);

  if (blocks == NULL || blocks->len == 0)
    return FALSE;
  pak_dissect_add (builder, "RespCode", g_variant_new_uint32 (pak_message_get_uint (response, "RespCode")));
  add_blocks (blocks, builder);
  pak_dissect_add (builder, "MoreRecsExist", g_variant_new_boolean (bytes[length - 1] != 0));
  return TRUE;
}

gboolean
pak_dissect_one_way (PakMemory *memory, const PakPacket *packet, const PakMessage *message, GVariantBuilder *builder)
{
  Block block = {
    .number = pak_message_get_uint (message, "TableNbr"),
    .first = pak_message_get_uint (message, "RecNbr"),
    .is_offset = pak_message_get_uint (message, "IsOffset") != 0,
    .count = pak_message_get_uint (message, "NbrOfRecs"),
    .byte_offset = pak_message_get_uint (message, "ByteOffset"),
  };
  guint signature = pak_message_get_uint (message, "TableDefSig");
  Cursor cursor;

  block.table = pak_memory_find_table (memory, packet->src_node, block.number);
  block.records = pak_message_get_bytes (message, "RecFrag", &block.length);
  cursor = (Cursor) { block.records, block.length };
  if (block.table == NULL || block.table->signature != signature)
    return FALSE;
  if (!block.is_offset && (!measure (&block, &cursor) || cursor.left > 0))
    return FALSE;
  add_block (&block, "RecNbr", builder);
  pak_dissect_add (builder, "TableDefSig", g_variant_new_uint32 (signature));
  return TRUE;
}
