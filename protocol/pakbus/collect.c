/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/collect.h"

/*
 * A block: TableNbr, BegRecNbr, then IsOffset as one bit before NbrOfRecs of 15 or a byte offset of 31 bits
 * (manual 2.3.4.3). Behind the last one comes MoreRecsExist.
 */
#define NUMBERS_SIZE 6 /* before IsOffset */
#define COUNT_SIZE   2
#define OFFSET_SIZE  4
#define MORE_SIZE    1
#define IS_OFFSET    0x8000u

/* One-way data: TableNbr, TableDefSig and RecNbr, then a block from IsOffset on (manual 2.3.4.4). */
#define ONE_WAY_NUMBERS_SIZE 8

static guint32
get_uint (const guint8 *bytes, gsize size)
{
  guint32 value = 0;

  for (gsize i = 0; i < size; i++)
    value = value << 8 | bytes[i];
  return value;
}

static void
append_uint (GByteArray *out, guint32 value, guint size)
{
  for (guint i = size; i > 0; i--)
    {
      guint8 byte = (guint8) (value >> 8 * (i - 1));

      g_byte_array_append (out, &byte, 1);
    }
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (const OpTable *table, GError **error, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, PAK_ERROR, PAK_ERROR_RECORD, "Records of table %s: %s", table->name, detail);
  return FALSE;
}

/* Whether @length bytes are just @count records, each with its stamp in event tables. */
static gboolean
are_records (const OpTable *table, guint32 count, const guint8 *bytes, gsize length)
{
  gboolean with_stamp = op_table_is_event (table);

  if (table->record_size > 0)
    return length == (gsize) count * (table->record_size + (with_stamp ? table->stamp_size : 0));
  while (count-- > 0)
    {
      gsize one = op_table_record_length (table, with_stamp, bytes, length);

      if (one == 0)
        return FALSE;
      bytes += one;
      length -= one;
    }
  return length == 0;
}

static gboolean
parse_records (const OpTable *table, const guint8 *bytes, gsize length, PakCollectBlock *block, GError **error)
{
  gsize stamp_size = table->stamp_size;
  gsize skipped = op_table_is_event (table) ? 0 : stamp_size;

  if (block->count == 0)
    return length == 0 || refuse (table, error, "%" G_GSIZE_FORMAT " bytes follow an empty block", length);
  if (length < stamp_size)
    return refuse (table, error, "%" G_GSIZE_FORMAT " bytes are too few for a time stamp", length);
  if (!are_records (table, block->count, bytes + skipped, length - skipped))
    return refuse (table, error, "%u records do not take %" G_GSIZE_FORMAT " bytes", block->count, length);

  block->first_time = op_value_get_time (table->time_type, bytes);
  block->payload = bytes + skipped;
  block->length = length - skipped;
  return TRUE;
}

static gboolean
parse_fragment (const OpTable *table, const guint8 *bytes, gsize length, PakCollectBlock *block, GError **error)
{
  gsize whole = table->record_size > 0 ? table->stamp_size + table->record_size : OP_TABLE_MAX_RECORD_SIZE;

  if (length == 0 || block->byte_offset + length > whole)
    return refuse (table, error, "%" G_GSIZE_FORMAT " bytes from byte %u on are no fragment of a record", length,
                   block->byte_offset);

  block->count = 1;
  if (block->byte_offset == 0 && length >= table->stamp_size)
    block->first_time = op_value_get_time (table->time_type, bytes);
  block->payload = bytes;
  block->length = length;
  return TRUE;
}

/* Reads what comes behind a block's numbers, which take @head bytes. */
static gboolean
parse_rest (const OpTable *table, const guint8 *bytes, gsize length, gsize head, PakCollectBlock *block,
            GError **error)
{
  guint32 word;

  if (block->table_number != table->number)
    return refuse (table, error, "they are of table number %u instead of %u", (guint) block->table_number,
                   table->number);
  word = get_uint (bytes + head, COUNT_SIZE);
  block->is_offset = (word & IS_OFFSET) != 0;
  if (!block->is_offset)
    {
      head += COUNT_SIZE;
      block->count = word;
      return parse_records (table, bytes + head, length - head, block, error);
    }
  if (length < head + OFFSET_SIZE)
    return refuse (table, error, "%" G_GSIZE_FORMAT " bytes are no fragment", length);
  block->byte_offset = get_uint (bytes + head, OFFSET_SIZE) & ~(IS_OFFSET << 16);
  head += OFFSET_SIZE;
  return parse_fragment (table, bytes + head, length - head, block, error);
}

gboolean
pak_collect_parse (const OpTable *table, const guint8 *body, gsize length, PakCollectBlock *block, gboolean *more,
                   GError **error)
{
  *block = (PakCollectBlock) { .table_number = (guint16) table->number, .first_time = OP_TIME_UNKNOWN };
  if (length == 0)
    return refuse (table, error, "the answer is empty");
  length -= MORE_SIZE;
  *more = body[length] != 0;
  /* Nothing to send may come as no block at all (pakbus-facts E4). */
  if (length == 0)
    return TRUE;
  if (length < NUMBERS_SIZE + COUNT_SIZE)
    return refuse (table, error, "%" G_GSIZE_FORMAT " bytes are no block", length);

  block->table_number = (guint16) get_uint (body, 2);
  block->first = get_uint (body + 2, 4);
  return parse_rest (table, body, length, NUMBERS_SIZE, block, error);
}

gboolean
pak_collect_parse_one_way (const OpTable *table, const guint8 *body, gsize length, PakCollectBlock *block,
                           GError **error)
{
  guint signature;

  *block = (PakCollectBlock) { .table_number = (guint16) table->number, .first_time = OP_TIME_UNKNOWN };
  if (length < ONE_WAY_NUMBERS_SIZE + COUNT_SIZE)
    return refuse (table, error, "%" G_GSIZE_FORMAT " bytes are no block", length);

  block->table_number = (guint16) get_uint (body, 2);
  signature = get_uint (body + 2, 2);
  block->first = get_uint (body + 4, 4);
  if (signature != table->signature)
    return refuse (table, error, "they are of definition %u instead of %u", signature, (guint) table->signature);
  return parse_rest (table, body, length, ONE_WAY_NUMBERS_SIZE, block, error);
}

void
pak_collect_append (const OpTable *table, const PakCollectBlock *block, GByteArray *out)
{
  g_return_if_fail (block->is_offset || block->count < IS_OFFSET);
  g_return_if_fail (block->byte_offset < IS_OFFSET << 16);

  append_uint (out, block->table_number, 2);
  append_uint (out, block->first, 4);
  if (block->is_offset)
    append_uint (out, IS_OFFSET << 16 | block->byte_offset, 4);
  else
    append_uint (out, block->count, 2);
  if (!block->is_offset && block->count > 0 && !op_table_is_event (table))
    {
      guint8 stamp[16];

      g_assert (table->stamp_size <= sizeof stamp);
      op_value_set_time (table->time_type, block->first_time, stamp);
      g_byte_array_append (out, stamp, (guint) table->stamp_size);
    }
  if (block->length > 0)
    g_byte_array_append (out, block->payload, (guint) block->length);
}
