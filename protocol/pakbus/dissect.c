/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"

#include "protocol/pakbus/dissect-private.h"
#include "protocol/value.h"

#include <string.h>

/* First byte of a DevConfig frame, which has no header (pakbus-facts A4). */
#define DEVCONFIG_BYTE  0xF2
#define DEVCONFIG_MIN   3 /* that byte, type and number */
/* A header with type and number of the message behind it. */
#define HEAD_SIZE       (PAK_HEADER_SIZE + 2)
#define NULLIFIER_SIZE  2

struct _PakDissector
{
  PakMemory *memory;
};

static void add_fields (GVariantBuilder *builder, const PakMessage *message);

GVariant *
pak_dissect_make_hex (const guint8 *bytes, gsize length)
{
  GString *hex = g_string_sized_new (2 * length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", (guint) bytes[i]);
  return g_variant_new_take_string (g_string_free (hex, FALSE));
}

/* Bytes that are not UTF-8 are taken as Windows-1252, as loggers' texts are. */
GVariant *
pak_dissect_make_text (const char *text)
{
  char *converted;

  if (g_utf8_validate (text, -1, NULL))
    return g_variant_new_string (text);
  converted = g_convert_with_fallback (text, -1, "UTF-8", "WINDOWS-1252", "?", NULL, NULL, NULL);
  return g_variant_new_take_string (converted != NULL ? converted : g_utf8_make_valid (text, -1));
}

static GVariant *
make_time (const PakMessage *message, const PakFieldDesc *field)
{
  OpTime time = pak_message_get_time (message, field->name);
  char text[OP_TIME_TEXT_SIZE];

  if (field->is_span)
    return g_variant_new_take_string (g_strdup_printf ("%.9g s", (double) time / OP_SECOND));
  op_time_format (time, text);
  return g_variant_new_string (text);
}

static GVariant *
make_groups (const PakValue *value)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < value->groups->len; i++)
    {
      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      add_fields (&builder, g_ptr_array_index (value->groups, i));
      g_variant_builder_close (&builder);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
make_value (const PakMessage *message, guint i)
{
  const PakFieldDesc *field = &message->fields[i];
  const PakValue *value = &message->values[i];

  switch (field->kind)
    {
    case PAK_FIELD_BOOL:
      return g_variant_new_boolean (value->number != 0);
    case PAK_FIELD_NSEC:
      return make_time (message, field);
    case PAK_FIELD_ASCIIZ:
      return pak_dissect_make_text (value->text);
    case PAK_FIELD_BYTES:
      return pak_dissect_make_hex (g_bytes_get_data (value->bytes, NULL), g_bytes_get_size (value->bytes));
    case PAK_FIELD_GROUP:
      return make_groups (value);
    default:
      return g_variant_new_uint32 (value->number);
    }
}

static void
add_fields (GVariantBuilder *builder, const PakMessage *message)
{
  for (guint i = 0; i < message->n_fields; i++)
    if (message->values[i].is_set)
      {
        pak_dissect_add (builder, message->fields[i].name, make_value (message, i));
        pak_dissect_setting (message, message->fields[i].name, builder);
      }
}

/* A collect response's block by name, as far as that goes without the table definition. */
static gboolean
add_collect_fields (GVariantBuilder *builder, const PakMessage *message)
{
  gsize length;
  const guint8 *records = pak_message_get_bytes (message, "Records", &length);
  g_autoptr (PakMessage) block = NULL;

  if (length == 0)
    return FALSE;
  if (length > 1)
    block = pak_message_decode_part (&pak_collect_block_desc, records, length - 1, NULL);
  if (length > 1 && block == NULL)
    return FALSE;

  pak_dissect_add (builder, "RespCode", g_variant_new_uint32 (pak_message_get_uint (message, "RespCode")));
  if (block != NULL)
    add_fields (builder, block);
  pak_dissect_add (builder, "MoreRecsExist", g_variant_new_boolean (records[length - 1] != 0));
  return TRUE;
}

static void
append_value_text (GString *text, OpType type, const guint8 *bytes)
{
  char buffer[MAX (OP_VALUE_TEXT_SIZE, OP_TIME_TEXT_SIZE)];

  if (op_type_kind (type) == OP_KIND_TIME)
    op_time_format (op_value_get_time (type, bytes), buffer);
  else
    op_value_format_number (type, op_value_get_number (type, bytes), buffer);
  if (text->len > 0)
    g_string_append (text, ", ");
  g_string_append (text, buffer);
}

/* The values of a Get Values Response, when its command was seen. */
static void
add_values_text (PakMemory *memory, GVariantBuilder *builder, const PakPacket *packet, const PakMessage *message)
{
  const PakMessage *command = pak_memory_find_command (memory, packet, PAK_MSG_GET_VALUES);
  OpType type = command != NULL ? pak_message_get_uint (command, "TypeCode") : 0;
  gsize length;
  const guint8 *bytes = pak_message_get_bytes (message, "Values", &length);
  gsize size = op_type_is_known (type) ? op_type_size (type) : 0;
  g_autoptr (GString) text = g_string_new (NULL);

  if (size == 0 || length == 0 || length % size != 0)
    return;
  if (op_type_kind (type) == OP_KIND_TEXT)
    g_string_append_len (text, (const char *) bytes, (gssize) strnlen ((const char *) bytes, length));
  else
    for (gsize i = 0; i < length; i += size)
      append_value_text (text, type, bytes + i);
  pak_dissect_add (builder, "ValuesText", pak_dissect_make_text (text->str));
}

/* What a File Upload Response is a part of, and the whole of it behind the last part. */
static void
add_file (PakMemory *memory, GVariantBuilder *builder, const PakPacket *packet, const PakMessage *message)
{
  const PakMessage *command = pak_memory_find_command (memory, packet, PAK_MSG_FILE_UPLOAD);
  const char *name = command != NULL ? pak_message_get_text (command, "FileName") : NULL;
  g_autoptr (GByteArray) content = NULL;
  const guint8 *bytes;
  gsize length;

  if (name == NULL || pak_message_get_uint (message, "RespCode") != 0)
    return;
  bytes = pak_message_get_bytes (message, "FileData", &length);
  content = pak_memory_add_fragment (memory, packet, name, pak_message_get_uint (message, "FileOffset"), bytes, length,
                                     length < pak_message_get_uint (command, "Swath"));
  pak_dissect_add (builder, "FileName", pak_dissect_make_text (name));
  if (content != NULL)
    pak_dissect_file (memory, packet->src_node, name, content, builder);
}

static void
keep_definition (PakMemory *memory, const PakPacket *packet, const PakMessage *message)
{
  const gsize head = 4; /* type, transaction number and TableNbr */
  gsize consumed;
  g_autoptr (OpTable) table = op_table_parse (packet->message + head, packet->length - head,
                                              pak_message_get_uint (message, "TableNbr"), &consumed, NULL);

  if (table != NULL)
    pak_memory_keep_table (memory, packet->src_node, table);
}

static void
add_bmp5_fields (PakMemory *memory, GVariantBuilder *builder, const PakPacket *packet, const PakMessage *message)
{
  switch (packet->type)
    {
    case PAK_MSG_COLLECT | PAK_RESPONSE:
      if (!pak_dissect_collected (memory, packet, message, builder) && !add_collect_fields (builder, message))
        add_fields (builder, message);
      break;
    case PAK_MSG_ONE_WAY:
      if (!pak_dissect_one_way (memory, packet, message, builder))
        add_fields (builder, message);
      break;
    case PAK_MSG_GET_VALUES | PAK_RESPONSE:
      add_fields (builder, message);
      add_values_text (memory, builder, packet, message);
      break;
    case PAK_MSG_FILE_UPLOAD | PAK_RESPONSE:
      add_fields (builder, message);
      add_file (memory, builder, packet, message);
      break;
    case PAK_MSG_DEFINITION:
      add_fields (builder, message);
      keep_definition (memory, packet, message);
      break;
    default:
      add_fields (builder, message);
      break;
    }
}

/* Takes @message. */
static GVariant *
make_fields (PakMemory *memory, const PakPacket *packet, PakMessage *message)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (packet->protocol == PAK_PROTOCOL_BMP5)
    {
      add_bmp5_fields (memory, &builder, packet, message);
      pak_memory_keep_command (memory, packet, message);
    }
  else
    {
      add_fields (&builder, message);
      pak_message_free (message);
    }
  return g_variant_builder_end (&builder);
}

static void
add_trouble (GVariantBuilder *builder, const char *text, const guint8 *bytes, gsize length)
{
  pak_dissect_add (builder, "error", g_variant_new_string (text));
  pak_dissect_add (builder, "bytes", pak_dissect_make_hex (bytes, length));
}

static void
add_header (GVariantBuilder *builder, const PakPacket *packet)
{
  pak_dissect_add (builder, "link_state", g_variant_new_string (pak_link_state_to_string (packet->link_state)));
  pak_dissect_add (builder, "dst_phy", g_variant_new_uint32 (packet->dst_phy));
  pak_dissect_add (builder, "src_phy", g_variant_new_uint32 (packet->src_phy));
  /* In these frames the same bits tell capabilities (pakbus-facts A2). */
  if (packet->link_state == PAK_LINK_RING || packet->link_state == PAK_LINK_CAPABILITIES)
    pak_dissect_add (builder, "capabilities", g_variant_new_uint32 (packet->capabilities));
  pak_dissect_add (builder, "expect_more", g_variant_new_string (pak_expect_more_to_string (packet->expect_more)));
  pak_dissect_add (builder, "priority", g_variant_new_uint32 (packet->priority));
  if (!packet->has_header)
    return;
  pak_dissect_add (builder, "dst_node", g_variant_new_uint32 (packet->dst_node));
  pak_dissect_add (builder, "src_node", g_variant_new_uint32 (packet->src_node));
  pak_dissect_add (builder, "hop_count", g_variant_new_uint32 (packet->hop_count));
  pak_dissect_add (builder, "protocol", g_variant_new_string (pak_protocol_to_string (packet->protocol)));
}

static void
add_message_name (GVariantBuilder *builder, const PakPacket *packet)
{
  const PakMessageDesc *desc = pak_message_desc_find (packet->protocol, packet->type);

  pak_dissect_add (builder, "message", g_variant_new_string (desc != NULL ? desc->name : "unknown"));
  pak_dissect_add (builder, "type", g_variant_new_uint32 (packet->type));
  pak_dissect_add (builder, "transaction", g_variant_new_uint32 (packet->transaction));
}

static void
add_message (PakDissector *dissector, GVariantBuilder *builder, const PakPacket *packet)
{
  g_autoptr (GError) error = NULL;
  PakMessage *message = pak_message_decode (packet->protocol, packet->message, packet->length, &error);

  add_message_name (builder, packet);
  if (message != NULL)
    pak_dissect_add (builder, "fields", make_fields (dissector->memory, packet, message));
  else
    add_trouble (builder, error->message, packet->message, packet->length);
}

/* Not all of a damaged frame need be damaged: what its first bytes would mean. */
static void
add_damaged (GVariantBuilder *builder, PakFrameVerdict verdict, const guint8 *body, gsize length)
{
  gsize left = length > NULLIFIER_SIZE ? length - NULLIFIER_SIZE : 0;
  PakPacket packet;

  if (pak_packet_parse (body, left > PAK_HEADER_SIZE && left < HEAD_SIZE ? PAK_HEADER_SIZE : MIN (left, HEAD_SIZE),
                        &packet, NULL))
    {
      add_header (builder, &packet);
      if (packet.message != NULL)
        add_message_name (builder, &packet);
    }
  add_trouble (builder, pak_frame_verdict_to_string (verdict), body, length);
}

static void
add_devconfig (PakDissector *dissector, GVariantBuilder *builder, const guint8 *body, gsize length)
{
  const PakPacket packet = {
    .protocol = PAK_PROTOCOL_PAKCTRL,
    .message = body + 1,
    .length = length - 1,
    .type = body[1],
    .transaction = body[2],
  };

  pak_dissect_add (builder, "framing", g_variant_new_string ("DevConfig"));
  pak_dissect_add (builder, "protocol", g_variant_new_string (pak_protocol_to_string (packet.protocol)));
  add_message (dissector, builder, &packet);
}

static void
add_packet (PakDissector *dissector, GVariantBuilder *builder, const guint8 *body, gsize length)
{
  g_autoptr (GError) error = NULL;
  PakPacket packet;

  if (!pak_packet_parse (body, length, &packet, &error))
    {
      add_trouble (builder, error->message, body, length);
      return;
    }
  add_header (builder, &packet);
  if (packet.message != NULL)
    add_message (dissector, builder, &packet);
}

PakDissector *
pak_dissector_new (void)
{
  PakDissector *dissector = g_new0 (PakDissector, 1);

  dissector->memory = pak_memory_new ();
  return dissector;
}

void
pak_dissector_free (PakDissector *dissector)
{
  pak_memory_free (dissector->memory);
  g_free (dissector);
}

GVariant *
pak_dissector_frame (PakDissector *dissector, PakFrameVerdict verdict, const guint8 *body, gsize length)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  pak_dissect_add (&builder, "signature_ok", g_variant_new_boolean (verdict == PAK_FRAME_OK));
  if (verdict != PAK_FRAME_OK)
    add_damaged (&builder, verdict, body, length);
  else if (length >= DEVCONFIG_MIN && body[0] == DEVCONFIG_BYTE)
    add_devconfig (dissector, &builder, body, length);
  else
    add_packet (dissector, &builder, body, length);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

GVariant *
pak_dissector_unquoted_frame (PakDissector *dissector, const guint8 *body, gsize length)
{
  g_autofree guint8 *packet = g_memdup2 (body, length);
  GVariantBuilder builder;

  g_return_val_if_fail (length >= PAK_HEADER_SIZE, NULL);

  /* It has no link state, which is what the link is in when such frames are sent: ready. */
  packet[0] = (guint8) (PAK_LINK_READY << 4) | (packet[0] & 0x0F);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  pak_dissect_add (&builder, "signature_ok", g_variant_new_boolean (TRUE));
  pak_dissect_add (&builder, "framing", g_variant_new_string ("unquoted"));
  add_packet (dissector, &builder, packet, length);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
