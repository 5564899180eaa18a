/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/one-way-private.h"

#include "protocol/pakbus/collect.h"

#define BODY_OFFSET 2 /* behind message type and transaction number */

/* A table of the logger. */
typedef struct
{
  OpTable    *read; /* its definition as read from the logger, or NULL */
  OpTable    *told; /* as sent unasked, or NULL */

  guint16     signature; /* of what follows */
  gboolean    has_last;
  guint32     last;      /* the record that came last */
  OpTime      last_time;
  GByteArray *fragments; /* of a record, from its time stamp on; NULL: none */
  guint32     record;
} Stream;

struct _PakOneWay
{
  GHashTable   *streams; /* by table number */
  PakOneWayFunc func;
  gpointer      data;
};

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_clear_pointer (&stream->read, op_table_unref);
  g_clear_pointer (&stream->told, op_table_unref);
  g_clear_pointer (&stream->fragments, g_byte_array_unref);
  g_free (stream);
}

PakOneWay *
pak_one_way_new (PakOneWayFunc func, gpointer data)
{
  PakOneWay *self = g_new0 (PakOneWay, 1);

  self->streams = g_hash_table_new_full (NULL, NULL, NULL, stream_free);
  self->func = func;
  self->data = data;
  return self;
}

void
pak_one_way_free (PakOneWay *self)
{
  g_hash_table_unref (self->streams);
  g_free (self);
}

void
pak_one_way_forget (PakOneWay *self)
{
  g_hash_table_remove_all (self->streams);
}

static Stream *
get_stream (PakOneWay *self, guint number)
{
  Stream *stream = g_hash_table_lookup (self->streams, GUINT_TO_POINTER (number));

  if (stream == NULL)
    {
      stream = g_new0 (Stream, 1);
      g_hash_table_insert (self->streams, GUINT_TO_POINTER (number), stream);
    }
  return stream;
}

void
pak_one_way_set_tables (PakOneWay *self, const GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    {
      OpTable *table = g_ptr_array_index (tables, i);
      Stream *stream = get_stream (self, table->number);

      g_clear_pointer (&stream->read, op_table_unref);
      stream->read = op_table_ref (table);
    }
}

static guint
get_uint2 (const guint8 *bytes)
{
  return (guint) (bytes[0] << 8 | bytes[1]);
}

/* Definitions */

/* What damage made of one is never used: no record has its signature. */
static gboolean
take_definition (PakOneWay *self, const guint8 *body, gsize length, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (OpTable) table = NULL;
  Stream *stream;
  guint number;
  gsize consumed;

  if (length < 2 || (number = get_uint2 (body)) == 0 || number > OP_TABLE_MAX_TABLES)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "One-way definition: it is of no table");
      return FALSE;
    }
  table = op_table_parse (body + 2, length - 2, number, &consumed, &cause);
  if (table == NULL || consumed != length - 2)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "One-way definition of table number %u: %s", number,
                   cause != NULL ? cause->message : "bytes follow it");
      return FALSE;
    }
  stream = get_stream (self, number);
  g_clear_pointer (&stream->told, op_table_unref);
  stream->told = g_steal_pointer (&table);
  return TRUE;
}

/* Records */

static void
forget_fragments (Stream *stream)
{
  g_clear_pointer (&stream->fragments, g_byte_array_unref);
}

/* The definition of that signature, or NULL. */
static OpTable *
find_table (const Stream *stream, guint signature)
{
  if (stream->read != NULL && stream->read->signature == signature)
    return stream->read;
  if (stream->told != NULL && stream->told->signature == signature)
    return stream->told;
  return NULL;
}

/* Whether record @first may be of @time: in an interval table, numbers count intervals. */
static gboolean
goes_on (const Stream *stream, const OpTable *table, const OpChunk *chunk)
{
  gint32 distance = (gint32) (chunk->first - stream->last);

  if (op_table_is_event (table))
    return !stream->has_last || distance == 0 || (distance > 0) == (chunk->first_time > stream->last_time)
           || chunk->first_time == stream->last_time;
  /* Unsigned, as a lying interval may wrap around. */
  if ((OpTime) ((guint64) chunk->first_time - (guint64) table->into) % table->interval != 0)
    return FALSE;
  return !stream->has_last
         || (guint64) chunk->first_time
                == (guint64) stream->last_time + (guint64) distance * (guint64) table->interval;
}

static gboolean
take_chunk (PakOneWay *self, Stream *stream, OpTable *table, const OpChunk *chunk, GError **error)
{
  gboolean is_expected = goes_on (stream, table, chunk);

  /* If the logger's clock was set, what comes next goes on from here. */
  stream->has_last = TRUE;
  stream->last = chunk->first + chunk->count - 1;
  stream->last_time = chunk->last_time;
  if (!is_expected)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_RECORD, "One-way record %u of table %s is of an unexpected time",
                   chunk->first, table->name);
      return FALSE;
    }
  self->func (table, chunk, self->data);
  return TRUE;
}

static gboolean
take_payload (PakOneWay *self, Stream *stream, OpTable *table, const PakCollectBlock *block, GBytes *payload,
              GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (OpChunk) chunk = op_chunk_new (table, block->first, block->count, block->first_time, payload, &cause);

  if (chunk != NULL)
    return take_chunk (self, stream, table, chunk, error);
  g_set_error_literal (error, PAK_ERROR, PAK_ERROR_RECORD, cause->message);
  return FALSE;
}

/* The record whose fragments have all come. */
static gboolean
join_fragments (PakOneWay *self, Stream *stream, OpTable *table, GError **error)
{
  g_autoptr (GByteArray) record = g_steal_pointer (&stream->fragments);
  gsize skipped = op_table_is_event (table) ? 0 : table->stamp_size;
  g_autoptr (GBytes) payload = g_bytes_new (record->data + skipped, record->len - skipped);
  const PakCollectBlock whole = { .first = stream->record, .count = 1,
                                  .first_time = op_value_get_time (table->time_type, record->data) };

  return take_payload (self, stream, table, &whole, payload, error);
}

static gboolean
take_fragment (PakOneWay *self, Stream *stream, OpTable *table, const PakCollectBlock *block, GError **error)
{
  if (block->byte_offset == 0)
    {
      forget_fragments (stream);
      stream->fragments = g_byte_array_new ();
      stream->record = block->first;
    }
  if (stream->fragments == NULL || stream->record != block->first || stream->fragments->len != block->byte_offset)
    {
      forget_fragments (stream);
      g_set_error (error, PAK_ERROR, PAK_ERROR_RECORD, "One-way record %u of table %s: what is before byte %u is missing",
                   block->first, table->name, block->byte_offset);
      return FALSE;
    }
  g_byte_array_append (stream->fragments, block->payload, (guint) block->length);
  if (op_table_record_length (table, TRUE, stream->fragments->data, stream->fragments->len) == 0)
    return TRUE;
  return join_fragments (self, stream, table, error);
}

static gboolean
take_block (PakOneWay *self, Stream *stream, OpTable *table, const guint8 *body, gsize length, GError **error)
{
  g_autoptr (GBytes) payload = NULL;
  PakCollectBlock block;

  if (!pak_collect_parse_one_way (table, body, length, &block, error))
    return FALSE;
  if (block.is_offset)
    return take_fragment (self, stream, table, &block, error);
  if (block.count == 0)
    return TRUE;
  payload = g_bytes_new (block.payload, block.length);
  return take_payload (self, stream, table, &block, payload, error);
}

static gboolean
take_data (PakOneWay *self, const guint8 *body, gsize length, GError **error)
{
  Stream *stream = length >= 4 ? g_hash_table_lookup (self->streams, GUINT_TO_POINTER (get_uint2 (body))) : NULL;
  guint signature = length >= 4 ? get_uint2 (body + 2) : 0;
  g_autoptr (OpTable) table = NULL;

  if (stream != NULL && (table = find_table (stream, signature)) != NULL)
    op_table_ref (table);
  if (table == NULL)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "One-way data of a table or definition that is not known");
      return FALSE;
    }
  if (stream->signature != signature)
    {
      forget_fragments (stream);
      stream->has_last = FALSE;
      stream->signature = (guint16) signature;
    }
  return take_block (self, stream, table, body, length, error);
}

gboolean
pak_one_way_take (PakOneWay *self, GBytes *message, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);

  g_return_val_if_fail (length >= BODY_OFFSET, FALSE);

  if (bytes[0] == PAK_MSG_ONE_WAY_TABLE)
    return take_definition (self, bytes + BODY_OFFSET, length - BODY_OFFSET, error);
  return take_data (self, bytes + BODY_OFFSET, length - BODY_OFFSET, error);
}
