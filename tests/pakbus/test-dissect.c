/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"
#include "tests/pakbus/vectors.h"

#include <string.h>

static GVariant *
dissect_hex (PakDissector *dissector, PakFrameVerdict verdict, const char *hex)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);
  g_autofree guint8 *body = g_memdup2 (bytes->data, bytes->len);

  return pak_dissector_frame (dissector, verdict, body, bytes->len);
}

static void
assert_text (const char *hex, const char *expected)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) frame = dissect_hex (dissector, PAK_FRAME_OK, hex);
  g_autofree char *text = pak_dissector_to_text (frame);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_uint (GVariant *frame, const char *name, guint32 expected)
{
  guint32 value;

  g_assert_true (g_variant_lookup (frame, name, "u", &value));
  g_assert_cmpuint (value, ==, expected);
}

static void
assert_string (GVariant *frame, const char *name, const char *expected)
{
  const char *value;

  g_assert_true (g_variant_lookup (frame, name, "&s", &value));
  g_assert_cmpstr (value, ==, expected);
}

static void
assert_has (GVariant *frame, const char *name, gboolean expected)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (frame, name, NULL);

  g_assert_cmpint (value != NULL, ==, expected);
}

static void
assert_header (GVariant *frame, const PakPacket *packet)
{
  assert_uint (frame, "dst_phy", packet->dst_phy);
  assert_uint (frame, "src_phy", packet->src_phy);
  assert_uint (frame, "priority", packet->priority);
  assert_has (frame, "dst_node", packet->has_header);
  if (packet->has_header)
    {
      assert_uint (frame, "dst_node", packet->dst_node);
      assert_uint (frame, "src_node", packet->src_node);
      assert_uint (frame, "hop_count", packet->hop_count);
      assert_string (frame, "protocol", packet->protocol == 1 ? "BMP5" : "PakCtrl");
    }
  assert_has (frame, "message", packet->length > 0);
  if (packet->length > 0)
    {
      assert_uint (frame, "type", packet->type);
      assert_uint (frame, "transaction", packet->transaction);
    }
}

static void
test_vectors (void)
{
  for (guint i = 0; i < pak_n_vectors; i++)
    {
      const PakVector *vector = &pak_vectors[i];
      g_autoptr (GByteArray) body = pak_vector_body (vector);
      g_autoptr (PakDissector) dissector = pak_dissector_new ();
      g_autoptr (GVariant) frame = pak_dissector_frame (dissector, PAK_FRAME_OK, body->data, body->len);
      g_autofree char *text = pak_dissector_to_text (frame);
      gboolean signature_ok;

      g_test_message ("%s: %s", vector->name, text);
      g_assert_false (g_variant_is_floating (frame));
      g_assert_true (g_variant_lookup (frame, "signature_ok", "b", &signature_ok));
      g_assert_true (signature_ok);
      assert_header (frame, &vector->packet);
      assert_has (frame, "fields", vector->fields != NULL);
      assert_has (frame, "error", vector->fields == NULL && vector->packet.length > 0);
    }
}

/* The order of the keys is part of the interface. */
static void
test_keys (void)
{
  static const char *const keys[] = { "signature_ok", "link_state", "dst_phy", "src_phy", "expect_more", "priority",
                                      "dst_node", "src_node", "hop_count", "protocol", "message", "type",
                                      "transaction", "fields" };
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) frame = dissect_hex (dissector, PAK_FRAME_OK, "A0014FFE10010FFE171700000000000000000000");

  g_assert_cmpuint (g_variant_n_children (frame), ==, G_N_ELEMENTS (keys));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *key;
      g_autoptr (GVariant) value = NULL;

      g_variant_get_child (frame, i, "{&sv}", &key, &value);
      g_assert_cmpstr (key, ==, keys[i]);
    }
}

static void
test_texts (void)
{
  assert_text ("90010FFE", "Link state, 4094 to 1, ring, expect more: last, priority 0");
  assert_text ("8FFF8FE90FFF0FE9", "Header only, 4073 to 4095, off-line, expect more: neutral, priority 0");
  assert_text ("A80210011802000197 05 00 2A72730A 3B023380",
               "BMP5: Clock Response (0x97), transaction 5, 1 to 2050, ready, expect more: last, priority 1\n"
               "  RespCode: 0 (ok)\n"
               "  OldTime: 2012-07-26 09:40:26.99");
  assert_text ("A0014FFE 1002 0FFE 1717 0000 FFFFFFFE1DCD6500",
               "BMP5: Clock Command (0x17), transaction 23, 4094 to 1 (node 2), ready, expect more: more, priority 0\n"
               "  SecurityCode: 0\n"
               "  Adjustment: -1.5 s");
  assert_text ("A0014FFE10010FFE0903 0000 05 0002 9EA7 00000001 0001 0000",
               "BMP5: Collect Data Command (0x09), transaction 3, 4094 to 1, ready, expect more: more, priority 0\n"
               "  SecurityCode: 0\n"
               "  CollectMode: 5\n"
               "  Tables:\n"
               "    1:\n"
               "      TableNbr: 2\n"
               "      TableDefSig: 40615\n"
               "      P1: 1\n"
               "      Fields:\n"
               "        1:\n"
               "          FieldNbr: 1");
  assert_text ("A0014FFE10010FFE 9901 10",
               "BMP5: Table Control Response (0x99), transaction 1, 4094 to 1, ready, expect more: more, priority 0\n"
               "  RespCode: 16 (invalid table or field name)");
}

/* The head of a collect response's block is told by name even though the records' form is not known. */
static void
test_collect_response (void)
{
  static const char header[] = "BMP5: Collect Data Response (0x89), transaction 3, 1 to 4094, ready, "
                               "expect more: last, priority 0\n";
  g_autofree char *records = g_strconcat (header, "  RespCode: 0 (ok)\n  TableNbr: 2\n  BegRecNbr: 89052\n"
                                                  "  IsOffset: 0\n  NbrOfRecs: 1\n"
                                                  "  RecFrag: 2a72ab30000000004551\n  MoreRecsExist: true", NULL);
  g_autofree char *fragment = g_strconcat (header, "  RespCode: 0 (ok)\n  TableNbr: 2\n  BegRecNbr: 7\n"
                                                   "  IsOffset: 1\n  ByteOffset: 500\n"
                                                   "  RecFrag: 41\n  MoreRecsExist: false", NULL);
  g_autofree char *refused = g_strconcat (header, "  RespCode: 7 (invalid table number or signature)", NULL);
  g_autofree char *empty = g_strconcat (header, "  RespCode: 0 (ok)\n  MoreRecsExist: false", NULL);
  g_autofree char *damaged = g_strconcat (header, "  RespCode: 0 (ok)\n  Records: 000200", NULL);

  assert_text ("AFFE00011FFE00018903 00 0002 00015BDC 0001 2A72AB30 00000000 4551 FF", records);
  assert_text ("AFFE00011FFE00018903 00 0002 00000007 800001F4 41 00", fragment);
  assert_text ("AFFE00011FFE00018903 07", refused);
  assert_text ("AFFE00011FFE00018903 00 00", empty);
  assert_text ("AFFE00011FFE00018903 00 000200", damaged);
}

/* What a Get Values Response holds is known to who saw its command. */
static void
test_values (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) before = dissect_hex (dissector, PAK_FRAME_OK, "AFFE00011FFE0001 9A1A 00 41480000 C1480000");
  g_autoptr (GVariant) command = dissect_hex (dissector, PAK_FRAME_OK,
                                              "A0014FFE10010FFE 1A1A 0000 5461626C653100 09 4100 0002");
  g_autoptr (GVariant) after = dissect_hex (dissector, PAK_FRAME_OK, "AFFE00011FFE0001 9A1A 00 41480000 C1480000");
  g_autoptr (GVariant) fields_before = g_variant_lookup_value (before, "fields", NULL);
  g_autoptr (GVariant) fields_after = g_variant_lookup_value (after, "fields", NULL);

  assert_string (command, "message", "Get Values Command");
  assert_has (fields_before, "ValuesText", FALSE);
  assert_string (fields_before, "Values", "41480000c1480000");
  assert_string (fields_after, "ValuesText", "12.5, -12.5");
}

static void
test_trouble (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GVariant) damaged = dissect_hex (dissector, PAK_FRAME_BAD_SIGNATURE, "90010FFE71D3");
  g_autoptr (GVariant) no_packet = dissect_hex (dissector, PAK_FRAME_OK, "30010FFE");
  g_autoptr (GVariant) no_message = dissect_hex (dissector, PAK_FRAME_OK, "A0014FFE10010FFE 97 05 00 2A");
  gboolean signature_ok;

  g_assert_true (g_variant_lookup (damaged, "signature_ok", "b", &signature_ok));
  g_assert_false (signature_ok);
  assert_string (damaged, "error", "bad signature");
  assert_string (damaged, "bytes", "90010ffe71d3");
  assert_string (no_packet, "error", "Packet with unknown link state 3");
  assert_string (no_message, "message", "Clock Response");
  assert_string (no_message, "error", "Clock Response: OldTime at byte 3 needs 8 bytes, but 1 are left");
  assert_string (no_message, "bytes", "9705002a");
  assert_has (no_message, "fields", FALSE);
}

/* Texts may hold anything: a degree sign as Windows-1252 has it, ends of lines. */
static void
test_strange_text (void)
{
  assert_text ("AFFE00010FFE0001 8701 B0430D0A00",
               "PakCtrl: Get Settings Response (0x87), transaction 1, 1 to 4094, ready, expect more: last, "
               "priority 0\n"
               "  Settings: °C\\x0d\\x0a");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dissect/vectors", test_vectors);
  g_test_add_func ("/dissect/keys", test_keys);
  g_test_add_func ("/dissect/texts", test_texts);
  g_test_add_func ("/dissect/collect-response", test_collect_response);
  g_test_add_func ("/dissect/values", test_values);
  g_test_add_func ("/dissect/trouble", test_trouble);
  g_test_add_func ("/dissect/strange-text", test_strange_text);
  return g_test_run ();
}
