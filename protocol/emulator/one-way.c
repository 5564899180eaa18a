/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/one-way.h"

#include "protocol/pakbus/message.h"

#define TYPE_DEFINITION 0x20
#define TYPE_DATA       0x14

/* Type, transaction, table, signature, record number, offset. */
#define FRAGMENT_HEAD   14
/* Definitions come before the first record and after so many. */
#define RECORDS_A_DEFINITION 16

typedef struct
{
  OpVirtualTable *table;
  guint64         next;
  guint           n_resets;
  guint           n_sent;
} Stream;

struct _OpOneWay
{
  OpVirtualStation *station;
  GArray           *streams; /* Stream */
};

static void
add_stream (OpOneWay *self, OpVirtualTable *table)
{
  Stream stream = { .table = table };
  guint64 oldest;

  if (table == NULL)
    return;
  stream.n_resets = table->n_resets;
  op_virtual_table_get_span (table, &oldest, &stream.next);
  g_array_append_val (self->streams, stream);
}

OpOneWay *
op_one_way_new (OpVirtualStation *station)
{
  OpOneWay *self = g_new0 (OpOneWay, 1);

  self->station = station;
  self->streams = g_array_new (FALSE, FALSE, sizeof (Stream));
  op_virtual_station_update (station);
  add_stream (self, station->main_table);
  add_stream (self, op_virtual_station_find_table (station, "Big"));
  return self;
}

void
op_one_way_free (OpOneWay *self)
{
  g_array_unref (self->streams);
  g_free (self);
}

static void
append_uint2 (GByteArray *out, guint16 number)
{
  guint16 word = GUINT16_TO_BE (number);

  g_byte_array_append (out, (const guint8 *) &word, sizeof word);
}

/* The definition stands in the message as it is signed, behind its table's number. */
static void
send_definition (const Stream *stream, OpOneWayFunc func, gpointer data)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  const OpTable *definition = stream->table->definition;

  g_byte_array_append (message, (const guint8[]) { TYPE_DEFINITION, 0 }, 2);
  append_uint2 (message, definition->number);
  g_byte_array_append (message, g_bytes_get_data (definition->definition, NULL),
                       g_bytes_get_size (definition->definition));
  func (message, data);
}

static void
send_piece (const Stream *stream, gboolean is_fragment, guint32 offset, const guint8 *bytes, gsize length,
            OpOneWayFunc func, gpointer data)
{
  g_autoptr (PakMessage) message = pak_message_new (PAK_PROTOCOL_BMP5, TYPE_DATA, 0);
  g_autoptr (GByteArray) encoded = g_byte_array_new ();

  pak_message_set_uint (message, "TableNbr", stream->table->definition->number);
  pak_message_set_uint (message, "TableDefSig", stream->table->definition->signature);
  pak_message_set_uint (message, "RecNbr", stream->next);
  pak_message_set_uint (message, "IsOffset", is_fragment);
  if (is_fragment)
    pak_message_set_uint (message, "ByteOffset", offset);
  else
    pak_message_set_uint (message, "NbrOfRecs", 1);
  pak_message_set_bytes (message, "RecFrag", bytes, length);
  pak_message_encode (message, encoded);
  func (encoded, data);
}

static void
send_record (OpOneWay *self, const Stream *stream, OpOneWayFunc func, gpointer data)
{
  const OpTable *definition = stream->table->definition;
  OpTime time = op_virtual_table_get_time (stream->table, stream->next);
  gsize size = definition->stamp_size + definition->record_size;
  g_autofree guint8 *record = g_malloc (size);
  gsize room = PAK_MESSAGE_MAX - FRAGMENT_HEAD;

  op_value_set_time (definition->time_type, time, record);
  stream->table->fill (self->station, stream->table, stream->next, time, record + definition->stamp_size);
  for (gsize offset = 0; offset < size; offset += room)
    send_piece (stream, size > room, offset, record + offset, MIN (room, size - offset), func, data);
}

static void
flush_stream (OpOneWay *self, Stream *stream, OpOneWayFunc func, gpointer data)
{
  guint64 oldest, next;

  if (stream->n_resets != stream->table->n_resets)
    *stream = (Stream) { .table = stream->table, .n_resets = stream->table->n_resets };
  op_virtual_table_get_span (stream->table, &oldest, &next);
  for (stream->next = MAX (stream->next, oldest); stream->next < next; stream->next++)
    {
      if (stream->n_sent++ % RECORDS_A_DEFINITION == 0)
        send_definition (stream, func, data);
      send_record (self, stream, func, data);
    }
}

void
op_one_way_flush (OpOneWay *self, OpOneWayFunc func, gpointer data)
{
  op_virtual_station_update (self->station);
  for (guint i = 0; i < self->streams->len; i++)
    flush_stream (self, &g_array_index (self->streams, Stream, i), func, data);
}
