/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/message-private.h"

#include <string.h>

/* All numbers are read and written through one run of bits, high bits first: so bit fields need no care. */
typedef struct
{
  const PakMessageDesc *desc;
  const guint8         *bytes;
  gsize                 length;
  gsize                 offset;
  guint64               bits; /* read, the last n_bits of them not yet used */
  guint                 n_bits;
} Reader;

typedef struct
{
  GByteArray *out;
  guint64     bits;
  guint       n_bits; /* not yet written */
} Writer;

static gboolean decode_fields (Reader *reader, PakMessage *message, GError **error);
static void     encode_fields (Writer *writer, const PakMessage *message);

static gsize
get_left (const Reader *reader)
{
  return reader->length - reader->offset;
}

static gboolean
is_at_end (const Reader *reader)
{
  return get_left (reader) == 0 && reader->n_bits == 0;
}

static gboolean
check_left (const Reader *reader, const PakFieldDesc *field, gsize needed, GError **error)
{
  if (get_left (reader) >= needed)
    return TRUE;
  g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE,
               "%s: %s at byte %" G_GSIZE_FORMAT " needs %" G_GSIZE_FORMAT " bytes, but %" G_GSIZE_FORMAT " are left",
               reader->desc->name, field->name, reader->offset, needed, get_left (reader));
  return FALSE;
}

static guint32
read_bits (Reader *reader, guint width)
{
  while (reader->n_bits < width)
    {
      reader->bits = reader->bits << 8 | reader->bytes[reader->offset++];
      reader->n_bits += 8;
    }
  reader->n_bits -= width;
  return (guint32) (reader->bits >> reader->n_bits & ((1ull << width) - 1));
}

static gboolean
decode_number (Reader *reader, const PakFieldDesc *field, PakValue *value, GError **error)
{
  guint width = pak_field_get_width (field);
  guint lacking = width > reader->n_bits ? width - reader->n_bits : 0;

  if (!check_left (reader, field, (lacking + 7) / 8, error))
    return FALSE;
  value->number = read_bits (reader, width);
  value->is_set = TRUE;
  return TRUE;
}

static gboolean
decode_time (Reader *reader, const PakFieldDesc *field, PakValue *value, GError **error)
{
  if (!check_left (reader, field, 8, error))
    return FALSE;
  value->time.sec = (gint32) read_bits (reader, 32);
  value->time.nsec = (gint32) read_bits (reader, 32);
  value->is_set = TRUE;
  return TRUE;
}

static gboolean
decode_text (Reader *reader, const PakFieldDesc *field, PakValue *value, GError **error)
{
  const char *text = (const char *) reader->bytes + reader->offset;
  gsize length = strnlen (text, get_left (reader));

  if (length == get_left (reader))
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "%s: %s at byte %" G_GSIZE_FORMAT " has no end",
                   reader->desc->name, field->name, reader->offset);
      return FALSE;
    }
  value->text = g_strndup (text, length);
  value->is_set = TRUE;
  reader->offset += length + 1;
  return TRUE;
}

static gboolean
decode_bytes (Reader *reader, const PakMessage *message, const PakFieldDesc *field, PakValue *value, GError **error)
{
  gsize length = field->length_field != NULL ? pak_message_get_uint (message, field->length_field)
                                             : get_left (reader);

  if (!check_left (reader, field, length, error))
    return FALSE;
  value->bytes = g_bytes_new (reader->bytes + reader->offset, length);
  value->is_set = TRUE;
  reader->offset += length;
  return TRUE;
}

static gboolean
is_group_end (const Reader *reader, const PakFieldDesc *field)
{
  for (guint i = 0; i < field->terminator; i++)
    if (reader->bytes[reader->offset + i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
decode_group (Reader *reader, PakMessage *message, guint i, GError **error)
{
  const PakFieldDesc *field = &message->fields[i];

  if (field->terminator == 0)
    {
      while (!is_at_end (reader))
        if (!decode_fields (reader, pak_message_add_child (message, i), error))
          return FALSE;
      return TRUE;
    }
  for (;;)
    {
      if (!check_left (reader, field, field->terminator, error))
        return FALSE;
      if (is_group_end (reader, field))
        break;
      if (!decode_fields (reader, pak_message_add_child (message, i), error))
        return FALSE;
    }
  reader->offset += field->terminator;
  return TRUE;
}

static gboolean
decode_field (Reader *reader, PakMessage *message, guint i, GError **error)
{
  const PakFieldDesc *field = &message->fields[i];
  PakValue *value = &message->values[i];

  switch (field->kind)
    {
    case PAK_FIELD_NSEC:
      return decode_time (reader, field, value, error);
    case PAK_FIELD_ASCIIZ:
      return decode_text (reader, field, value, error);
    case PAK_FIELD_BYTES:
      return decode_bytes (reader, message, field, value, error);
    case PAK_FIELD_GROUP:
      return decode_group (reader, message, i, error);
    default:
      return decode_number (reader, field, value, error);
    }
}

static gboolean
decode_fields (Reader *reader, PakMessage *message, GError **error)
{
  for (guint i = 0; i < message->n_fields; i++)
    {
      if (!pak_message_wants_field (message, i))
        continue;
      if (is_at_end (reader) && pak_message_may_end_at (message, i))
        return TRUE;
      if (!decode_field (reader, message, i, error))
        return FALSE;
    }
  return TRUE;
}

/* Bytes of the message before @offset are not part of @desc's fields. */
static PakMessage *
decode (const PakMessageDesc *desc, const guint8 *bytes, gsize length, gsize offset, GError **error)
{
  g_autoptr (PakMessage) message = pak_message_alloc (desc);
  Reader reader = { .desc = desc, .bytes = bytes, .length = length, .offset = offset };

  if (!decode_fields (&reader, message, error))
    return NULL;
  if (!is_at_end (&reader))
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE,
                   "%s: %" G_GSIZE_FORMAT " bytes too many at byte %" G_GSIZE_FORMAT, desc->name,
                   get_left (&reader), reader.offset);
      return NULL;
    }
  return g_steal_pointer (&message);
}

PakMessage *
pak_message_decode_part (const PakMessageDesc *part, const guint8 *bytes, gsize length, GError **error)
{
  return decode (part, bytes, length, 0, error);
}

PakMessage *
pak_message_decode (PakProtocol protocol, const guint8 *bytes, gsize length, GError **error)
{
  const PakMessageDesc *desc;
  PakMessage *message;

  if (length < 2)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "Message of %" G_GSIZE_FORMAT " bytes", length);
      return NULL;
    }
  desc = pak_message_desc_find (protocol, bytes[0]);
  if (desc == NULL)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "Unknown %s message of type 0x%02x",
                   pak_protocol_to_string (protocol), (guint) bytes[0]);
      return NULL;
    }
  message = decode (desc, bytes, length, 2, error);
  if (message != NULL)
    message->transaction = bytes[1];
  return message;
}

static void
write_bits (Writer *writer, guint32 number, guint width)
{
  writer->bits = writer->bits << width | number;
  writer->n_bits += width;
  while (writer->n_bits >= 8)
    {
      guint8 byte = (guint8) (writer->bits >> (writer->n_bits - 8));

      g_byte_array_append (writer->out, &byte, 1);
      writer->n_bits -= 8;
    }
}

static void
encode_text (Writer *writer, const PakValue *value)
{
  const char *text = value->is_set ? value->text : "";

  g_byte_array_append (writer->out, (const guint8 *) text, (guint) strlen (text) + 1);
}

static void
encode_bytes (Writer *writer, const PakValue *value)
{
  gsize length = 0;
  const guint8 *bytes = value->is_set ? g_bytes_get_data (value->bytes, &length) : NULL;

  if (length > 0)
    g_byte_array_append (writer->out, bytes, (guint) length);
}

static void
encode_group (Writer *writer, const PakFieldDesc *field, const PakValue *value)
{
  guint n = value->is_set ? value->groups->len : 0;

  for (guint i = 0; i < n; i++)
    encode_fields (writer, g_ptr_array_index (value->groups, i));
  write_bits (writer, 0, field->terminator * 8);
}

static void
encode_field (Writer *writer, const PakFieldDesc *field, const PakValue *value)
{
  switch (field->kind)
    {
    case PAK_FIELD_NSEC:
      write_bits (writer, value->is_set ? (guint32) value->time.sec : 0, 32);
      write_bits (writer, value->is_set ? (guint32) value->time.nsec : 0, 32);
      break;
    case PAK_FIELD_ASCIIZ:
      encode_text (writer, value);
      break;
    case PAK_FIELD_BYTES:
      encode_bytes (writer, value);
      break;
    case PAK_FIELD_GROUP:
      encode_group (writer, field, value);
      break;
    default:
      write_bits (writer, value->is_set ? value->number : 0, pak_field_get_width (field));
      break;
    }
}

static void
encode_fields (Writer *writer, const PakMessage *message)
{
  for (guint i = 0; i < message->n_fields; i++)
    {
      if (!pak_message_wants_field (message, i))
        continue;
      if (!message->values[i].is_set && pak_message_may_end_at (message, i))
        return;
      encode_field (writer, &message->fields[i], &message->values[i]);
    }
}

void
pak_message_encode (const PakMessage *message, GByteArray *out)
{
  Writer writer = { .out = out };
  const guint8 head[] = { message->desc->type, message->transaction };

  g_byte_array_append (out, head, sizeof head);
  encode_fields (&writer, message);
}
