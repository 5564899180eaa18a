/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pakbus/vectors.h"

static void
assert_same_header (const PakPacket *packet, const PakPacket *expected)
{
  g_assert_cmpint (packet->link_state, ==, expected->link_state);
  g_assert_cmpuint (packet->dst_phy, ==, expected->dst_phy);
  g_assert_cmpint (packet->expect_more, ==, expected->expect_more);
  g_assert_cmpuint (packet->priority, ==, expected->priority);
  g_assert_cmpuint (packet->src_phy, ==, expected->src_phy);
  g_assert_cmpuint (packet->capabilities, ==, expected->capabilities);
  g_assert_cmpint (packet->has_header, ==, expected->has_header);
  g_assert_cmpint (packet->protocol, ==, expected->protocol);
  g_assert_cmpuint (packet->dst_node, ==, expected->dst_node);
  g_assert_cmpuint (packet->hop_count, ==, expected->hop_count);
  g_assert_cmpuint (packet->src_node, ==, expected->src_node);
  g_assert_cmpuint (packet->length, ==, expected->length);
  g_assert_cmphex (packet->type, ==, expected->type);
  g_assert_cmpuint (packet->transaction, ==, expected->transaction);
}

static void
test_vectors (void)
{
  for (guint i = 0; i < pak_n_vectors; i++)
    {
      g_autoptr (GByteArray) body = pak_vector_body (&pak_vectors[i]);
      g_autoptr (GByteArray) again = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      PakPacket packet;

      g_test_message ("%s", pak_vectors[i].name);
      g_assert_true (pak_packet_parse (body->data, body->len, &packet, &error));
      g_assert_no_error (error);
      assert_same_header (&packet, &pak_vectors[i].packet);
      g_assert_true (packet.message == (packet.length > 0 ? body->data + 8 : NULL));
      pak_packet_append (&packet, again);
      g_assert_cmpmem (again->data, again->len, body->data, body->len);
    }
}

static void
test_lengths (void)
{
  guint8 body[1009] = { 0xA0, 0x01, 0x0F, 0xFE, 0x10, 0x01, 0x0F, 0xFE, 0x17, 0x01 };

  for (gsize length = 0; length <= sizeof body; length++)
    {
      gboolean is_good = (length >= 4 && length <= 8) || (length >= 10 && length <= 1008);
      g_autoptr (GError) error = NULL;
      PakPacket packet;

      g_assert_cmpint (pak_packet_parse (body, length, &packet, &error), ==, is_good);
      if (!is_good)
        g_assert_error (error, PAK_ERROR, PAK_ERROR_FRAME);
      else
        g_assert_cmpint (packet.has_header, ==, length >= 8);
    }
}

/* Anything but 8 to C and E begins no packet that we know (pakbus-facts A1). */
static void
test_link_states (void)
{
  for (guint nibble = 0; nibble < 16; nibble++)
    {
      guint8 body[] = { (guint8) (nibble << 4), 0x01, 0xFF, 0xFE };
      gboolean is_good = (nibble >= 8 && nibble <= 12) || nibble == 14;
      PakPacket packet;

      g_assert_cmpint (pak_packet_parse (body, sizeof body, &packet, NULL), ==, is_good);
      if (is_good)
        g_assert_cmpuint (packet.capabilities, ==, nibble == 9 || nibble == 14 ? 0xF : 0);
    }
}

/* The ring of Campbell's Java library tells its capabilities: 9DDD 9SSS (pakbus-facts A2). */
static void
test_ring_with_capabilities (void)
{
  static const guint8 expected[] = { 0x90, 0x01, 0x9F, 0xFE };
  PakPacket ring = { .link_state = PAK_LINK_RING, .dst_phy = 1, .src_phy = 4094, .capabilities = 9 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  pak_packet_append (&ring, bytes);
  g_assert_cmpmem (bytes->data, bytes->len, expected, sizeof expected);
}

static void
test_names (void)
{
  g_assert_cmpstr (pak_link_state_to_string (PAK_LINK_FINISHED), ==, "finished");
  g_assert_cmpstr (pak_expect_more_to_string (PAK_EXPECT_NEUTRAL), ==, "neutral");
  g_assert_cmpstr (pak_protocol_to_string (PAK_PROTOCOL_BMP5), ==, "BMP5");
  g_assert_cmpstr (pak_protocol_to_string (7), ==, "unknown");
}

/* SlightlyLoony/PakBus ResponseCode.java, a list answered by Campbell's engineers. */
static void
test_response_codes (void)
{
  static const struct
  {
    guint       code;
    const char *text;
    PakError    error;
  } codes[] = {
    { 0, "ok", PAK_ERROR_REFUSED },
    { 1, "permission denied", PAK_ERROR_PERMISSION },
    { 2, "out of resources", PAK_ERROR_RESOURCES },
    { 7, "invalid table number or signature", PAK_ERROR_DEFINITIONS },
    { 9, "fragment not in order", PAK_ERROR_FRAGMENT },
    { 13, "invalid file name", PAK_ERROR_FILE_NAME },
    { 14, "file not accessible", PAK_ERROR_FILE_ACCESS },
    { 15, "invalid control option", PAK_ERROR_OPTION },
    { 16, "invalid table or field name", PAK_ERROR_NAME },
    { 17, "unsupported conversion", PAK_ERROR_CONVERSION },
    { 18, "memory violation (swath too long)", PAK_ERROR_BOUNDS },
    { 19, "unsupported FileCmd value", PAK_ERROR_FILE_COMMAND },
    { 20, "directory full", PAK_ERROR_DIRECTORY_FULL },
    { 21, "success, reboot needed", PAK_ERROR_REFUSED },
    { 22, "cannot delete, file open", PAK_ERROR_FILE_OPEN },
    { 23, "cannot format, files open", PAK_ERROR_FILES_OPEN },
    { 24, "incompatible format", PAK_ERROR_INCOMPATIBLE_FORMAT },
    { 99, "code 99", PAK_ERROR_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *message = g_strdup_printf ("Reading the clock: %s", codes[i].text);

      g_assert_cmpstr (pak_response_code_to_string (codes[i].code), ==, codes[i].text);
      pak_set_response_error (&error, codes[i].code, "Reading the clock");
      g_assert_error (error, PAK_ERROR, (gint) codes[i].error);
      g_assert_cmpstr (error->message, ==, message);
    }
}

static void
test_delivery_codes (void)
{
  for (guint code = 1; code <= 7; code++)
    {
      static const PakError errors[] = { PAK_ERROR_UNREACHABLE, PAK_ERROR_PROTOCOL_UNREACHABLE,
                                         PAK_ERROR_QUEUE_OVERFLOW, PAK_ERROR_UNIMPLEMENTED, PAK_ERROR_MALFORMED,
                                         PAK_ERROR_LINK_FAILED, PAK_ERROR_UNREACHABLE };
      g_autoptr (GError) error = NULL;

      pak_set_delivery_error (&error, code, "Reading the clock");
      g_assert_error (error, PAK_ERROR, (gint) errors[code - 1]);
      g_assert_true (g_str_has_prefix (error->message, "Reading the clock: "));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/packet/vectors", test_vectors);
  g_test_add_func ("/packet/lengths", test_lengths);
  g_test_add_func ("/packet/link-states", test_link_states);
  g_test_add_func ("/packet/ring-with-capabilities", test_ring_with_capabilities);
  g_test_add_func ("/packet/names", test_names);
  g_test_add_func ("/error/response-codes", test_response_codes);
  g_test_add_func ("/error/delivery-codes", test_delivery_codes);
  return g_test_run ();
}
