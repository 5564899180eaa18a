/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values by name with a scripted logger, written after the BMP5 manual, 2.3.4.6, and pakbus-facts H. */

#include "conversation.h"
#include "outcome.h"

#include "protocol/logger-changes.h"

#include <math.h>
#include <string.h>

/* "Public", "A" */
#define PUBLIC_HEX "50 75 62 6C 69 63 00"
#define A_HEX      "41 00"

static OpValueSpan *
new_span (const char *field, OpType type, guint count, guint text_size)
{
  return op_value_span_new ("Public", field, type, count, text_size);
}

static void
get (Conversation *c, const OpValueSpan *span, Outcome *outcome)
{
  op_logger_get_values_async (c->logger, span, NULL, on_values_got_cb, outcome);
}

static void
set (Conversation *c, const OpValueSpan *span, GBytes *values, Outcome *outcome)
{
  op_logger_set_values_async (c->logger, span, values, NULL, on_values_set_cb, outcome);
}

static void
assert_got (Outcome *outcome, const char *hex)
{
  g_autofree char *got = NULL;
  gsize length;
  const guint8 *bytes;

  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
  bytes = g_bytes_get_data (outcome->pointer, &length);
  got = hex_of_bytes (bytes, length);
  g_assert_cmpstr (got, ==, hex);
  clear_outcome (outcome, (GDestroyNotify) g_bytes_unref);
}

/* Getting */

static void
test_get (Conversation *c, gconstpointer data)
{
  g_autoptr (OpValueSpan) span = new_span ("Soil(3)", OP_TYPE_IEEE4, 2, 0);
  Outcome outcome = { 0 };

  get (c, span, &outcome);
  expect_message (c, "1A TT 12 34 " PUBLIC_HEX " 09 53 6F 69 6C 28 33 29 00 00 02");
  send_message (c, "9A TT 00 3F 80 00 00 7F C0 00 00");
  assert_got (&outcome, "3F 80 00 00 7F C0 00 00");
}

/* Every type goes out under its code, and as many bytes as its values have come back. */
static void
test_get_types (Conversation *c, gconstpointer data)
{
  for (guint type = 1; type <= 28; type++)
    {
      g_autofree char *zeros = NULL;
      g_autoptr (OpValueSpan) span = NULL;
      gsize size = type == OP_TYPE_ASCIIZ ? 1 : op_type_is_known (type) ? op_type_size (type) : 0;
      Outcome outcome = { 0 };

      if (size == 0)
        continue;
      span = new_span ("A", type, 2, 1);
      zeros = g_strnfill (2 * size * 3 - 1, ' ');
      for (gsize i = 0; i < 2 * size; i++)
        memcpy (zeros + i * 3, "00", 2);
      get (c, span, &outcome);
      expect_message (c, "1A TT 12 34 " PUBLIC_HEX " %02X " A_HEX " 00 02", type);
      send_message (c, "9A TT 00 %s", zeros);
      assert_got (&outcome, zeros);
    }
}

/* A swath of text counts characters; what a logger leaves out behind the end of the text is zero. */
static void
test_get_texts (Conversation *c, gconstpointer data)
{
  g_autoptr (OpValueSpan) span = new_span ("A", OP_TYPE_ASCII, 2, 4);
  Outcome outcome = { 0 };

  get (c, span, &outcome);
  expect_message (c, "1A TT 12 34 " PUBLIC_HEX " 0B " A_HEX " 00 08");
  send_message (c, "9A TT 00 61 62 00 00 63 64");
  assert_got (&outcome, "61 62 00 00 63 64 00 00");
}

/* A message has 1000 bytes: 249 floats of four, and the rest from element 250 on. */
static void
test_get_long (Conversation *c, gconstpointer data)
{
  g_autoptr (OpValueSpan) span = new_span ("A", OP_TYPE_IEEE4, 250, 0);
  g_autoptr (GString) zeros = g_string_new (NULL);
  Outcome outcome = { 0 };

  for (guint i = 0; i < 249; i++)
    g_string_append (zeros, "00 00 00 00 ");
  get (c, span, &outcome);
  expect_message (c, "1A TT 12 34 " PUBLIC_HEX " 09 " A_HEX " 00 F9");
  send_message (c, "9A TT 00 %s", zeros->str);
  expect_message (c, "1A TT 12 34 " PUBLIC_HEX " 09 41 28 32 35 30 29 00 00 01");
  send_message (c, "9A TT 00 3F 80 00 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpfloat (op_value_span_get_number (span, outcome.pointer, 0), ==, 0);
  g_assert_cmpfloat (op_value_span_get_number (span, outcome.pointer, 249), ==, 1);
  clear_outcome (&outcome, (GDestroyNotify) g_bytes_unref);
}

static void
test_get_errors (Conversation *c, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    gint        error;
    const char *words;
  } cases[] = {
    { "9A TT 01", OP_LOGGER_ERROR_SECURITY, "permission denied" },
    { "9A TT 10", OP_LOGGER_ERROR_NAME, "invalid table or field" },
    { "9A TT 11", OP_LOGGER_ERROR_REFUSED, "unsupported conversion" },
    { "9A TT 12", OP_LOGGER_ERROR_REFUSED, "memory violation" },
    { "9A TT 00", OP_LOGGER_ERROR_DATA, "do not fit in 0 bytes" },
    { "9A TT 00 3F 80 00", OP_LOGGER_ERROR_DATA, "do not fit in 3 bytes" },
    { "9A TT 00 3F 80 00 00 00", OP_LOGGER_ERROR_DATA, "do not fit in 5 bytes" },
  };
  g_autoptr (OpValueSpan) span = new_span ("A", OP_TYPE_IEEE4, 1, 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      get (c, span, &outcome);
      expect_message (c, "1A TT 12 34 " PUBLIC_HEX " 09 " A_HEX " 00 01");
      send_message (c, "%s", cases[i].answer);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, cases[i].error);
      g_assert_nonnull (strstr (outcome.error->message, cases[i].words));
      clear_outcome (&outcome, g_free);
    }
}

/* Setting */

/* 1.0 and NAN */
#define VALUES_HEX "3F 80 00 00 7F FF FF FF"
#define SET_HEX    "1B TT 12 34 " PUBLIC_HEX " 09 " A_HEX " 00 02 " VALUES_HEX
#define GET_HEX    "1A TT 12 34 " PUBLIC_HEX " 09 " A_HEX " 00 02"

static void
begin_set (Conversation *c, Outcome *outcome)
{
  static const char *const texts[] = { "1", "NAN" };
  g_autoptr (OpValueSpan) span = new_span ("A", OP_TYPE_IEEE4, 2, 0);
  g_autoptr (GBytes) values = op_value_span_parse (span, texts, NULL);

  set (c, span, values, outcome);
  expect_message (c, SET_HEX);
}

static void
test_set (Conversation *c, gconstpointer data)
{
  Outcome outcome = { 0 };

  begin_set (c, &outcome);
  send_message (c, "9B TT 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_false (((OpSetOutcome *) outcome.pointer)->reboots);
  clear_outcome (&outcome, g_free);
}

/* Code 21: done, and the logger restarts in a second; until then it is left alone. */
static void
test_set_reboots (Conversation *c, gconstpointer data)
{
  g_autoptr (OpValueSpan) span = new_span ("A", OP_TYPE_IEEE4, 2, 0);
  Outcome outcome = { 0 };
  Outcome later = { 0 };
  gint64 begin;

  begin_set (c, &outcome);
  begin = g_get_monotonic_time ();
  send_message (c, "9B TT 15 00 01");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_true (((OpSetOutcome *) outcome.pointer)->reboots);
  g_assert_cmpuint (((OpSetOutcome *) outcome.pointer)->hold_off_s, ==, 1);
  clear_outcome (&outcome, g_free);
  get (c, span, &later);
  expect_message (c, GET_HEX);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 990000);
  send_message (c, "9A TT 00 " VALUES_HEX);
  assert_got (&later, VALUES_HEX);
}

static void
test_set_lost (Conversation *c, gconstpointer data)
{
  static const struct
  {
    const char *held; /* NULL: silence */
    gint        error; /* -1: none */
  } cases[] = {
    { "3F 80 00 00 7F C0 00 00", -1 },
    { "3F 80 00 00 FF C0 00 01", -1 }, /* another NAN */
    { "3F 80 00 00 00 00 00 00", OP_LOGGER_ERROR_NOT_DONE },
    { "40 00 00 00 7F C0 00 00", OP_LOGGER_ERROR_NOT_DONE },
    { NULL, OP_LOGGER_ERROR_UNCERTAIN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      begin_set (c, &outcome);
      for (guint k = 0; k < (cases[i].held != NULL ? 1 : PEER_TRIES); k++)
        expect_message (c, GET_HEX);
      if (cases[i].held != NULL)
        send_message (c, "9A TT 00 %s", cases[i].held);
      wait_for (&outcome.done);
      if (cases[i].error < 0)
        g_assert_no_error (outcome.error);
      else
        g_assert_error (outcome.error, OP_LOGGER_ERROR, cases[i].error);
      clear_outcome (&outcome, g_free);
    }
}

/* An answer that can be read by nobody is as good as none. */
static void
test_set_unreadable (Conversation *c, gconstpointer data)
{
  Outcome outcome = { 0 };

  begin_set (c, &outcome);
  send_message (c, "9B TT");
  expect_message (c, GET_HEX);
  send_message (c, "9A TT 00 " VALUES_HEX);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  clear_outcome (&outcome, g_free);
}

static void
test_set_refused (Conversation *c, gconstpointer data)
{
  static const struct
  {
    guint code;
    gint  error;
  } cases[] = {
    { 0x01, OP_LOGGER_ERROR_SECURITY },
    { 0x10, OP_LOGGER_ERROR_NAME },
    { 0x11, OP_LOGGER_ERROR_REFUSED },
    { 0x12, OP_LOGGER_ERROR_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };

      begin_set (c, &outcome);
      send_message (c, "9B TT %02X", cases[i].code);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, cases[i].error);
      clear_outcome (&outcome, g_free);
    }
}

static void
test_set_texts (Conversation *c, gconstpointer data)
{
  static const char *const texts[] = { "ab", "cdef" };
  g_autoptr (OpValueSpan) span = new_span ("A(2)", OP_TYPE_ASCII, 2, 4);
  g_autoptr (GBytes) values = op_value_span_parse (span, texts, NULL);
  Outcome outcome = { 0 };

  set (c, span, values, &outcome);
  expect_message (c, "1B TT 12 34 " PUBLIC_HEX " 0B 41 28 32 29 00 00 08 61 62 00 00 63 64 65 66");
  send_message (c, "9B TT 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  clear_outcome (&outcome, g_free);
}

/* Each message of a long array is decided for itself. */
static void
test_set_long (Conversation *c, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc0 (300 * 4);
  g_autoptr (GBytes) values = g_bytes_new (bytes, 300 * 4);
  g_autoptr (OpValueSpan) span = new_span ("A", OP_TYPE_IEEE4, 300, 0);
  g_autofree char *first = hex_of_bytes (bytes, 243 * 4);
  g_autofree char *rest = hex_of_bytes (bytes, 57 * 4);
  Outcome outcome = { 0 };

  set (c, span, values, &outcome);
  expect_message (c, "1B TT 12 34 " PUBLIC_HEX " 09 " A_HEX " 00 F3 %s", first);
  send_message (c, "9B TT 00");
  expect_message (c, "1B TT 12 34 " PUBLIC_HEX " 09 41 28 32 34 34 29 00 00 39 %s", rest);
  expect_message (c, "1A TT 12 34 " PUBLIC_HEX " 09 41 28 32 34 34 29 00 00 39");
  send_message (c, "9A TT 00 %s", rest);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  clear_outcome (&outcome, g_free);
}

#define ADD(name, test)                                                                                             \
  g_test_add ("/values/" name, Conversation, NULL, conversation_set_up, test, conversation_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("get", test_get);
  ADD ("get/types", test_get_types);
  ADD ("get/texts", test_get_texts);
  ADD ("get/long", test_get_long);
  ADD ("get/errors", test_get_errors);
  ADD ("set", test_set);
  ADD ("set/reboots", test_set_reboots);
  ADD ("set/lost", test_set_lost);
  ADD ("set/unreadable", test_set_unreadable);
  ADD ("set/refused", test_set_refused);
  ADD ("set/texts", test_set_texts);
  ADD ("set/long", test_set_long);
  return g_test_run ();
}
