/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"

#include "protocol/pakbus/message-private.h"
#include "protocol/value.h"

#include <string.h>

#define GET_VALUES_COMMAND  0x1A
#define GET_VALUES_RESPONSE 0x9A
#define COLLECT_RESPONSE    0x89

struct _PakDissector
{
  guint8 value_types[256]; /* what the Get Values Command of each transaction number asked for; 0: none seen */
};

static void add_fields (GVariantBuilder *builder, const PakMessage *message);

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

static GVariant *
make_hex (const guint8 *bytes, gsize length)
{
  GString *hex = g_string_sized_new (2 * length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", (guint) bytes[i]);
  return g_variant_new_take_string (g_string_free (hex, FALSE));
}

/* Bytes that are not UTF-8 are taken as Windows-1252, as loggers' texts are. */
static GVariant *
make_text (const char *text)
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
      return make_text (value->text);
    case PAK_FIELD_BYTES:
      return make_hex (g_bytes_get_data (value->bytes, NULL), g_bytes_get_size (value->bytes));
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
      add (builder, message->fields[i].name, make_value (message, i));
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

  add (builder, "RespCode", g_variant_new_uint32 (pak_message_get_uint (message, "RespCode")));
  if (block != NULL)
    add_fields (builder, block);
  add (builder, "MoreRecsExist", g_variant_new_boolean (records[length - 1] != 0));
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
add_values_text (const PakDissector *dissector, GVariantBuilder *builder, const PakMessage *message)
{
  OpType type = dissector->value_types[message->transaction];
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
  add (builder, "ValuesText", make_text (text->str));
}

static GVariant *
make_fields (PakDissector *dissector, const PakMessage *message)
{
  gboolean is_bmp5 = message->desc->protocol == PAK_PROTOCOL_BMP5;
  guint8 type = message->desc->type;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (!is_bmp5 || type != COLLECT_RESPONSE || !add_collect_fields (&builder, message))
    add_fields (&builder, message);
  if (is_bmp5 && type == GET_VALUES_COMMAND)
    dissector->value_types[message->transaction] = (guint8) pak_message_get_uint (message, "TypeCode");
  if (is_bmp5 && type == GET_VALUES_RESPONSE)
    add_values_text (dissector, &builder, message);
  return g_variant_builder_end (&builder);
}

static void
add_trouble (GVariantBuilder *builder, const char *text, const guint8 *bytes, gsize length)
{
  add (builder, "error", g_variant_new_string (text));
  add (builder, "bytes", make_hex (bytes, length));
}

static void
add_header (GVariantBuilder *builder, const PakPacket *packet)
{
  add (builder, "link_state", g_variant_new_string (pak_link_state_to_string (packet->link_state)));
  add (builder, "dst_phy", g_variant_new_uint32 (packet->dst_phy));
  add (builder, "src_phy", g_variant_new_uint32 (packet->src_phy));
  /* In these frames the same bits tell capabilities (pakbus-facts A2). */
  if (packet->link_state == PAK_LINK_RING || packet->link_state == PAK_LINK_CAPABILITIES)
    add (builder, "capabilities", g_variant_new_uint32 (packet->capabilities));
  add (builder, "expect_more", g_variant_new_string (pak_expect_more_to_string (packet->expect_more)));
  add (builder, "priority", g_variant_new_uint32 (packet->priority));
  if (!packet->has_header)
    return;
  add (builder, "dst_node", g_variant_new_uint32 (packet->dst_node));
  add (builder, "src_node", g_variant_new_uint32 (packet->src_node));
  add (builder, "hop_count", g_variant_new_uint32 (packet->hop_count));
  add (builder, "protocol", g_variant_new_string (pak_protocol_to_string (packet->protocol)));
}

static void
add_message (PakDissector *dissector, GVariantBuilder *builder, const PakPacket *packet)
{
  const PakMessageDesc *desc = pak_message_desc_find (packet->protocol, packet->type);
  g_autoptr (GError) error = NULL;
  g_autoptr (PakMessage) message = pak_message_decode (packet->protocol, packet->message, packet->length, &error);

  add (builder, "message", g_variant_new_string (desc != NULL ? desc->name : "unknown"));
  add (builder, "type", g_variant_new_uint32 (packet->type));
  add (builder, "transaction", g_variant_new_uint32 (packet->transaction));
  if (message != NULL)
    add (builder, "fields", make_fields (dissector, message));
  else
    add_trouble (builder, error->message, packet->message, packet->length);
}

PakDissector *
pak_dissector_new (void)
{
  return g_new0 (PakDissector, 1);
}

void
pak_dissector_free (PakDissector *dissector)
{
  g_free (dissector);
}

GVariant *
pak_dissector_frame (PakDissector *dissector, PakFrameVerdict verdict, const guint8 *body, gsize length)
{
  g_autoptr (GError) error = NULL;
  GVariantBuilder builder;
  PakPacket packet;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add (&builder, "signature_ok", g_variant_new_boolean (verdict == PAK_FRAME_OK));
  if (verdict != PAK_FRAME_OK)
    add_trouble (&builder, pak_frame_verdict_to_string (verdict), body, length);
  else if (!pak_packet_parse (body, length, &packet, &error))
    add_trouble (&builder, error->message, body, length);
  else
    {
      add_header (&builder, &packet);
      if (packet.message != NULL)
        add_message (dissector, &builder, &packet);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
