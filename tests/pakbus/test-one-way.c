/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a logger sends unasked, bytes written after the manual, section 2.3.4.4, and pakbus-facts D and E: our address is
 * 4079 = FEF, the logger's is 1.
 */

#include "peer.h"

#include "protocol/pakbus/pak-logger.h"
#include "protocol/signature.h"

#define UPLOAD      "A0 01 5F EF 10 01 0F EF 1D TT 00 00 2E 54 44 46 00 00 00 00 00 00 02 00"
#define UPLOADED    "AF EF 00 01 1F EF 00 01 9D TT 00 00 00 00 00 01 "
#define FROM_LOGGER "AF EF 10 01 1F EF 00 01 "
#define FROM_OTHER  "AF EF 10 01 1F EF 00 07 "

/* Name, size 1000, time type NSec, into 0, then the interval, and one UInt2 field "V", processing "Smp". */
#define DEFINITION(interval) "54 00 00 00 03 E8 0E 00 00 00 00 00 00 00 00 00 00 00 " interval " 00 00 00 00 " \
                             "02 56 00 00 53 6D 70 00 00 00 00 00 00 01 00 00 00 01 00 00 00 00 00"
#define MINUTES DEFINITION ("3C")
#define EVENTS  DEFINITION ("00")

/* 2026-02-19 00:00:00 and the minutes after it. */
#define AT_0 "43 F7 B5 00 00 00 00 00 "
#define AT_1 "43 F7 B5 3C 00 00 00 00 "
#define AT_2 "43 F7 B5 78 00 00 00 00 "
#define AT_3 "43 F7 B5 B4 00 00 00 00 "
#define BASE_S 1140307200

typedef struct
{
  Peer     *peer;
  OpLogger *logger;
  GString  *records; /* "first*count@seconds since BASE_S=hex " */
  gboolean  done;
} Fixture;

static void
on_records_cb (OpLogger *logger, OpTable *table, const OpChunk *chunk, gpointer data)
{
  Fixture *f = data;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, &length);

  g_assert_cmpstr (table->name, ==, "T");
  g_string_append_printf (f->records, "%u*%u@%" G_GINT64_FORMAT "=", chunk->first, chunk->count,
                          chunk->first_time / OP_SECOND - BASE_S);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (f->records, "%02X", bytes[i]);
  g_string_append_c (f->records, ' ');
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  op_logger_open_finish (OP_LOGGER (source), result, &error);
  g_assert_no_error (error);
  ((Fixture *) data)->done = TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->peer = peer_new ();
  f->logger = pak_logger_new (f->peer->near_end, 1, 0, 0);
  f->records = g_string_new (NULL);
  g_signal_connect (f->logger, "records", G_CALLBACK (on_records_cb), f);
  op_logger_open_async (f->logger, NULL, on_opened_cb, f);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, HELLO);
  peer_send (f->peer, HELLO_RESPONSE);
  wait_for (&f->done);
}

/* Nothing was ever answered. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_true (peer_is_idle (f->peer));
  g_assert_finalize_object (f->logger);
  g_string_free (f->records, TRUE);
  peer_free (f->peer);
}

static guint16
get_signature (const char *definition)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (const char *p = definition; *p != '\0'; p += *p == ' ' ? 1 : 2)
    if (*p != ' ')
      {
        guint8 byte = (guint8) (g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]));

        g_byte_array_append (bytes, &byte, 1);
      }
  return op_signature (bytes->data, bytes->len, OP_SIGNATURE_SEED);
}

static void
send_definition (Fixture *f, const char *definition)
{
  g_autofree char *hex = g_strconcat (FROM_LOGGER "20 00 00 02 ", definition, NULL);

  peer_send (f->peer, hex);
}

/* @body: from RecNbr on. */
static void
send_from (Fixture *f, const char *header, guint table, guint signature, const char *body)
{
  g_autofree char *hex = g_strdup_printf ("%s14 00 %02X %02X %02X %02X %s", header, table >> 8, table & 0xFF,
                                          signature >> 8, signature & 0xFF, body);

  peer_send (f->peer, hex);
}

static void
send_data (Fixture *f, const char *definition, const char *body)
{
  send_from (f, FROM_LOGGER, 2, get_signature (definition), body);
}

/* What was sent before has then come: a ring is answered. */
static void
assert_records (Fixture *f, const char *records)
{
  peer_send (f->peer, "9F EF 00 01");
  peer_expect (f->peer, "A0 01 0F EF");
  g_assert_cmpstr (f->records->str, ==, records);
}

static void
test_records (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12 34");
  send_data (f, MINUTES, "00 00 00 08 00 02 " AT_1 "56 78 9A BC");
  assert_records (f, "7*1@0=1234 8*2@60=56789ABC ");
}

/* Each record has its time. */
static void
test_event_table (Fixture *f, gconstpointer data)
{
  send_definition (f, EVENTS);
  send_data (f, EVENTS, "00 00 00 07 00 02 " AT_0 "12 34 " AT_2 "56 78");
  /* Later by number and earlier by time. */
  send_data (f, EVENTS, "00 00 00 09 00 01 " AT_1 "FF FF");
  assert_records (f, "7*2@0=43F7B50000000000123443F7B578000000005678 ");
}

static void
on_tables_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = op_logger_read_tables_finish (OP_LOGGER (source), result, &error);

  g_assert_no_error (error);
  ((Fixture *) data)->done = TRUE;
}

/* The definitions that were read serve as well: the first table has no name. */
static void
test_definitions_read (Fixture *f, gconstpointer data)
{
  f->done = FALSE;
  op_logger_read_tables_async (f->logger, NULL, on_tables_cb, f);
  peer_expect (f->peer, UPLOAD);
  peer_send (f->peer, UPLOADED "00 00 00 03 E8 0E 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 " MINUTES);
  wait_for (&f->done);
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12 34");
  assert_records (f, "7*1@0=1234 ");
}

static void
test_not_defined (Fixture *f, gconstpointer data)
{
  send_data (f, MINUTES, "00 00 00 06 00 01 " AT_0 "11 11");
  send_definition (f, MINUTES);
  send_from (f, FROM_LOGGER, 3, get_signature (MINUTES), "00 00 00 06 00 01 " AT_0 "22 22");
  send_from (f, FROM_LOGGER, 2, get_signature (MINUTES) ^ 1, "00 00 00 06 00 01 " AT_0 "33 33");
  send_from (f, FROM_OTHER, 2, get_signature (MINUTES), "00 00 00 06 00 01 " AT_0 "44 44");
  assert_records (f, "");
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12 34");
  assert_records (f, "7*1@0=1234 ");
}

/* A new program's definition counts for its own records; the old one's are not taken for them. */
static void
test_new_definition (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_1 "12 34");
  send_definition (f, EVENTS);
  send_data (f, EVENTS, "00 00 00 00 00 01 " AT_2 "56 78");
  send_data (f, MINUTES, "00 00 00 08 00 01 " AT_2 "9A BC");
  assert_records (f, "7*1@60=1234 0*1@120=43F7B578000000005678 ");
}

/* Definitions that are cut, or go on, and messages too short for anything. */
static void
test_damaged_definition (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES " 00");
  send_definition (f, "54 00 00 00 03 E8 0E 00 00");
  peer_send (f->peer, FROM_LOGGER "20 00 00");
  peer_send (f->peer, FROM_LOGGER "20 00 00 00 " MINUTES);
  peer_send (f->peer, FROM_LOGGER "20 00 FF FF " MINUTES);
  peer_send (f->peer, FROM_LOGGER "14 00");
  peer_send (f->peer, FROM_LOGGER "14 00 00 02 12");
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12 34");
  assert_records (f, "");
}

static void
test_damaged_records (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 07");
  send_data (f, MINUTES, "00 00 00 07 80 00");
  send_data (f, MINUTES, "00 00 00 07 00 00");
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12");
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12 34 56");
  send_data (f, MINUTES, "00 00 00 07 00 03 " AT_0 "12 34 56 78");
  send_data (f, MINUTES, "00 00 00 07 00 01 43 F7");
  assert_records (f, "");
}

/* Off the interval, or not where the number says; then on from where the clock was set to. */
static void
test_unexpected_time (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 06 00 01 43 F7 B5 01 00 00 00 00 12 34");
  assert_records (f, "");
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "00 07");
  send_data (f, MINUTES, "00 00 00 08 00 01 " AT_0 "00 08");
  assert_records (f, "");
  send_data (f, MINUTES, "00 00 00 09 00 01 " AT_1 "00 09");
  send_data (f, MINUTES, "00 00 00 0A 00 01 " AT_3 "00 0A");
  send_data (f, MINUTES, "00 00 00 0B 00 01 43 F7 B5 F0 00 00 00 00 00 0B");
  send_data (f, MINUTES, "00 00 00 0A 00 01 " AT_3 "00 0A");
  assert_records (f, "9*1@60=0009 11*1@240=000B 10*1@180=000A ");
}

static void
test_fragments (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 07 80 00 00 00 43 F7 B5");
  send_data (f, MINUTES, "00 00 00 07 80 00 00 03 00 00 00 00 00 12");
  assert_records (f, "");
  send_data (f, MINUTES, "00 00 00 07 80 00 00 09 34");
  assert_records (f, "7*1@0=1234 ");
}

/* A piece is missing, of another record, comes twice, or is too long: nothing of the record counts. */
static void
test_lost_fragments (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 05 80 00 00 08 12 34");
  send_data (f, MINUTES, "00 00 00 06 80 00 00 00 " AT_0);
  send_data (f, MINUTES, "00 00 00 06 80 00 00 09 34");
  send_data (f, MINUTES, "00 00 00 06 80 00 00 08 12 34");
  send_data (f, MINUTES, "00 00 00 07 80 00 00 00 " AT_0);
  send_data (f, MINUTES, "00 00 00 08 80 00 00 08 12 34");
  send_data (f, MINUTES, "00 00 00 07 80 00 00 08 12 34");
  send_data (f, MINUTES, "00 00 00 08 80 00 00 00 " AT_0 "12 34 56");
  assert_records (f, "");
  /* Begun anew, it counts. */
  send_data (f, MINUTES, "00 00 00 09 80 00 00 00 43 F7");
  send_data (f, MINUTES, "00 00 00 09 80 00 00 00 " AT_0);
  send_data (f, MINUTES, "00 00 00 09 80 00 00 08 12 34");
  assert_records (f, "9*1@0=1234 ");
}

/* With a transaction number they are commands, which we do not know. */
static void
test_commands (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  peer_send (f->peer, FROM_LOGGER "14 05 00 02");
  peer_expect (f->peer, "A0 01 9F EF 00 01 0F EF 81 00 04 1F EF 00 01 14 05 00 02");
  assert_records (f, "");
}

/* A damaged frame is not read, and while the link is noisy, what cannot be read twice is left to collecting. */
static void
test_noise (Fixture *f, gconstpointer data)
{
  send_definition (f, MINUTES);
  send_data (f, MINUTES, "00 00 00 07 00 01 " AT_0 "12 34");
  assert_records (f, "7*1@0=1234 ");
  peer_send_raw (f->peer, "BD AF EF 10 01 1F EF 00 01 14 00 00 02 12 34 00 00 00 08 55 AA BD");
  send_data (f, MINUTES, "00 00 00 08 00 01 " AT_1 "12 34");
  assert_records (f, "7*1@0=1234 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/one-way/records", test_records);
  ADD ("/one-way/event-table", test_event_table);
  ADD ("/one-way/definitions-read", test_definitions_read);
  ADD ("/one-way/not-defined", test_not_defined);
  ADD ("/one-way/new-definition", test_new_definition);
  ADD ("/one-way/damaged-definition", test_damaged_definition);
  ADD ("/one-way/damaged-records", test_damaged_records);
  ADD ("/one-way/unexpected-time", test_unexpected_time);
  ADD ("/one-way/fragments", test_fragments);
  ADD ("/one-way/lost-fragments", test_lost_fragments);
  ADD ("/one-way/commands", test_commands);
  ADD ("/one-way/noise", test_noise);
  return g_test_run ();
}
