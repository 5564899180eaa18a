/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/dissect.h"
#include "protocol/pakbus/sniffer.h"
#include "tests/pakbus/vectors.h"

/* manual_ready of the vectors, and weatherd's Hello with its link state zero, not quoted (pakbus-facts A3). */
#define READY    "BD AFFE0001 5A89 BD "
#define UNQUOTED "BD F0 000E 0FFE 0001 0FFE 0001 8903 01 02 BCBD BD "

static void
note_cb (PakFrameVerdict verdict, gboolean unquoted, const guint8 *body, gsize length, gpointer data)
{
  GString *told = data;

  g_string_append_printf (told, "%s%s ", unquoted ? "unquoted " : "", pak_frame_verdict_to_string (verdict));
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (told, "%02X", body[i]);
  g_string_append_c (told, '\n');
}

static char *
sniff (const char *hex, gsize cut)
{
  GString *told = g_string_new (NULL);
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);
  g_autoptr (PakSniffer) sniffer = pak_sniffer_new (note_cb, told);

  for (gsize i = 0; i < bytes->len; i += cut)
    {
      g_autofree guint8 *piece = g_memdup2 (bytes->data + i, MIN (cut, bytes->len - i));

      pak_sniffer_push (sniffer, piece, MIN (cut, bytes->len - i));
    }
  pak_sniffer_finish (sniffer);
  return g_string_free (told, FALSE);
}

/* However the bytes are cut. */
static void
assert_frames (const char *hex, const char *expected)
{
  for (gsize cut = 1; cut < 30; cut++)
    {
      g_autofree char *told = sniff (hex, cut);

      g_assert_cmpstr (told, ==, expected);
    }
}

static void
test_unquoted (void)
{
  assert_frames (READY UNQUOTED READY, "ok AFFE0001\nunquoted ok 0FFE00010FFE000189030102BCBD\nok AFFE0001\n");
  assert_frames (UNQUOTED UNQUOTED,
                 "unquoted ok 0FFE00010FFE000189030102BCBD\nunquoted ok 0FFE00010FFE000189030102BCBD\n");
}

/* A damaged frame may begin as an unquoted one: what follows is not swallowed. */
static void
test_not_unquoted (void)
{
  assert_frames ("BD F0 000A 00" READY READY, "too short F0000A00\nok AFFE0001\nok AFFE0001\n");
  assert_frames ("BD F0 FFFF 0000 0000 BD" READY, "bad signature F0FFFF00000000\nok AFFE0001\n");
  assert_frames ("BD F0 0009 A0" READY, "too short F00009A0\nok AFFE0001\n");
  assert_frames (READY "BD F0", "ok AFFE0001\n");
}

/* DevConfig frames are quoted and signed as others are (pakbus-facts A4). */
static void
test_devconfig (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) body = pak_vector_bytes ("F2 93 05 07");
  g_autoptr (GVariant) frame = pak_dissector_frame (dissector, PAK_FRAME_OK, body->data, body->len);
  g_autofree char *text = pak_dissector_to_text (frame);

  g_assert_cmpstr (text, ==,
                   "DevConfig frame, PakCtrl: DevConfig Control Response (0x93), transaction 5\n  Outcome: 7");
}

static void
test_unquoted_text (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) body = pak_vector_bytes ("0FFE 0001 0FFE 0001 8903 01 02 00BD");
  g_autoptr (GVariant) frame = pak_dissector_unquoted_frame (dissector, body->data, body->len);
  g_autofree char *text = pak_dissector_to_text (frame);

  g_assert_cmpstr (text, ==,
                   "unquoted frame, PakCtrl: Hello Response (0x89), transaction 3, 1 to 4094, ready, "
                   "expect more: last, priority 0\n  IsRouter: 1\n  HopMetric: 2\n  VerifyIntv: 189");
}

static void
test_damaged_header (void)
{
  g_autoptr (PakDissector) dissector = pak_dissector_new ();
  g_autoptr (GByteArray) body = pak_vector_bytes ("A0014FFE10010FFE 1717 0000 00 1234");
  g_autoptr (GVariant) frame = pak_dissector_frame (dissector, PAK_FRAME_BAD_SIGNATURE, body->data, body->len);
  g_autofree char *text = pak_dissector_to_text (frame);

  g_assert_cmpstr (text, ==,
                   "Damaged frame, perhaps BMP5: Clock Command (0x17), transaction 23, 4094 to 1, ready, "
                   "expect more: more, priority 0\n  error: bad signature\n  bytes: a0014ffe10010ffe17170000001234");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sniffer/unquoted", test_unquoted);
  g_test_add_func ("/sniffer/not-unquoted", test_not_unquoted);
  g_test_add_func ("/sniffer/devconfig", test_devconfig);
  g_test_add_func ("/sniffer/unquoted-text", test_unquoted_text);
  g_test_add_func ("/sniffer/damaged-header", test_damaged_header);
  return g_test_run ();
}
