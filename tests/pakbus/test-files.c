/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Files from and to a scripted logger, written after the BMP5 manual, 2.3.3.1 to 2.3.3.3, and pakbus-facts G1 and G2:
 * one transaction number a file, offsets that are compared, answers that come late, twice or never.
 */

#include "conversation.h"
#include "outcome.h"

#include "protocol/logger-changes.h"

#include <string.h>

/* "CPU:d" */
#define NAME_HEX "43 50 55 3A 64 00"
#define DIRECTORY_HEX "2E 44 49 52 00"

typedef struct
{
  guint64 done;
  guint64 expected;
  guint   n_calls;
} Progress;

static void
on_progress_cb (guint64 done, guint64 expected, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpuint (done, >=, progress->done);
  g_assert_cmpuint (done, <=, expected);
  *progress = (Progress) { done, expected, progress->n_calls + 1 };
}

/* Bytes of which no two stretches are the same. */
static GBytes *
new_content (gsize length)
{
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (i * 7 + i / 256);
  return g_bytes_new_take (bytes, length);
}

static void
expect_upload (Conversation *c, guint32 offset)
{
  expect_message (c, "1D TT 12 34 " NAME_HEX " 00 00 00 %02X %02X 02 00", offset >> 8, offset & 0xFF);
}

/* What closes the file before its end: flag 1, swath 0. */
static void
expect_close (Conversation *c, guint32 offset)
{
  expect_message (c, "1D TT 12 34 " NAME_HEX " 01 00 00 %02X %02X 00 00", offset >> 8, offset & 0xFF);
}

static void
send_upload (Conversation *c, GBytes *content, guint32 offset, gsize length)
{
  const guint8 *bytes = g_bytes_get_data (content, NULL);
  g_autofree char *hex = hex_of_bytes (bytes + offset, length);

  send_message (c, "9D TT 00 00 00 %02X %02X %s", offset >> 8, offset & 0xFF, hex);
}

static void
get (Conversation *c, GByteArray *content, GCancellable *cancellable, Progress *progress, Outcome *outcome)
{
  op_logger_get_file_async (c->logger, "CPU:d", content, 700, on_progress_cb, progress, cancellable, on_file_got_cb,
                            outcome);
}

static void
assert_content (const GByteArray *content, GBytes *expected)
{
  g_assert_cmpmem (content->data, content->len, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

/* Getting */

static void
test_get (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (700);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };
  guint8 number;

  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 0);
  number = c->peer->number;
  send_upload (c, file, 0, 512);
  expect_upload (c, 512);
  g_assert_cmpuint (c->peer->number, ==, number);
  g_assert_cmpuint (progress.done, ==, 512);
  send_upload (c, file, 0, 512);   /* an echo of the first */
  send_upload (c, file, 512, 188);
  send_upload (c, file, 512, 188); /* and one that comes twice */
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  assert_content (content, file);
  g_assert_cmpuint (progress.done, ==, 700);
  g_assert_cmpuint (progress.expected, ==, 700);
  g_assert_cmpuint (progress.n_calls, ==, 2);
}

/* A fragment is asked for again under the same number. */
static void
test_get_repeats (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (100);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };
  guint8 number;

  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 0);
  number = c->peer->number;
  expect_upload (c, 0);
  g_assert_cmpuint (c->peer->number, ==, number);
  send_upload (c, file, 0, 100);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  assert_content (content, file);
}

/* The link ends; another call goes on where the first one was. */
static void
test_get_goes_on (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (700);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  g_byte_array_append (content, g_bytes_get_data (file, NULL), 512);
  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 512);
  send_upload (c, file, 512, 188);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  assert_content (content, file);
}

static void
test_get_hang_up (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (700);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 0);
  send_upload (c, file, 0, 512);
  expect_upload (c, 512);
  op_transport_close (c->peer->far_end);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK);
  g_assert_cmpuint (content->len, ==, 512);
  clear_outcome (&outcome, g_free);
}

static void
test_get_refused (Conversation *c, gconstpointer data)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 0);
  /* A refusal has the offset, or ends behind its code. */
  send_message (c, "9D TT 0D 00 00 00 00");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME);
  clear_outcome (&outcome, g_free);

  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 0);
  send_message (c, "9D TT 0E");
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_IN_USE);
  clear_outcome (&outcome, g_free);
  g_assert_cmpuint (content->len, ==, 0);
}

/* Who ends in the middle closes the file, under its number. */
static void
test_get_cancelled (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (700);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };
  guint8 number;

  get (c, content, cancellable, &progress, &outcome);
  expect_upload (c, 0);
  number = c->peer->number;
  send_upload (c, file, 0, 512);
  expect_upload (c, 512);
  g_cancellable_cancel (cancellable);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  expect_close (c, 512);
  g_assert_cmpuint (c->peer->number, ==, number);
  clear_outcome (&outcome, g_free);
}

/* On a noisy link a fragment counts when it has been read twice alike. */
static void
test_get_through_noise (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (100);
  g_autoptr (GBytes) damaged = new_content (101);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  make_noise (c);
  get (c, content, NULL, &progress, &outcome);
  expect_upload (c, 0);
  send_upload (c, damaged, 0, 101);
  expect_upload (c, 0);
  send_upload (c, file, 0, 100);
  expect_upload (c, 0);
  send_upload (c, file, 0, 100);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  assert_content (content, file);
}

static void
test_long_name (Conversation *c, gconstpointer data)
{
  g_autofree char *name = g_strnfill (65, 'x');
  Outcome outcome = { 0 };

  op_logger_control_file_async (c->logger, name, OP_FILE_COMMAND_DELETE, NULL, on_file_controlled_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME);
  clear_outcome (&outcome, g_free);
}

/* A real CR1000's directory (PyCampbellCR1000's tests), shortened: drive, program, file without attributes. */
static void
test_list (Conversation *c, gconstpointer data)
{
  Outcome outcome = { 0 };
  GPtrArray *files;
  OpDeviceFile *file;

  op_logger_list_files_async (c->logger, NULL, on_files_listed_cb, &outcome);
  expect_message (c, "1D TT 12 34 " DIRECTORY_HEX " 00 00 00 00 00 02 00");
  send_message (c, "9D TT 00 00 00 00 00 01 "
                   "43 50 55 3A 00 00 07 6A 70 00 00 "
                   "43 50 55 3A 61 2E 43 52 31 00 00 00 00 10 "
                   "32 30 31 32 2D 30 31 2D 30 32 20 30 33 3A 30 34 3A 30 35 00 01 02 00 "
                   "55 53 52 3A 62 00 00 00 01 00 00 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  files = outcome.pointer;
  g_assert_cmpuint (files->len, ==, 3);
  file = files->pdata[0];
  g_assert_true (file->is_drive);
  g_assert_cmpuint (file->size, ==, 0x76A70);
  file = files->pdata[1];
  g_assert_cmpstr (file->name, ==, "CPU:a.CR1");
  g_assert_cmpuint (file->size, ==, 16);
  g_assert_cmpstr (file->date, ==, "2012-01-02 03:04:05");
  g_assert_cmpuint (file->flags, ==, OP_FILE_RUNNING | OP_FILE_POWER_UP);
  file = files->pdata[2];
  g_assert_false (file->is_drive);
  g_assert_cmpuint (file->flags, ==, 0);
  clear_outcome (&outcome, (GDestroyNotify) g_ptr_array_unref);
}

/* Putting */

/* A message has 1000 bytes: 11 of the first one are no data, and the name's five. */
#define FIRST_LENGTH (1000 - 11 - 5)

static void
expect_download (Conversation *c, GBytes *content, guint32 offset, gsize length, gboolean is_last)
{
  const guint8 *bytes = g_bytes_get_data (content, NULL);
  g_autofree char *hex = length > 0 ? hex_of_bytes (bytes + offset, length) : g_strdup ("");

  expect_message (c, "1C TT 12 34 %s 00 %02X 00 00 %02X %02X %s", offset == 0 ? NAME_HEX : "00", (guint) is_last,
                  offset >> 8, offset & 0xFF, hex);
}

static void
send_taken (Conversation *c, guint32 offset)
{
  send_message (c, "9C TT 00 00 00 %02X %02X", offset >> 8, offset & 0xFF);
}

static void
put (Conversation *c, GBytes *content, Progress *progress, Outcome *outcome)
{
  op_logger_put_file_async (c->logger, "CPU:d", content, on_progress_cb, progress, NULL, on_file_put_cb, outcome);
}

static void
test_put (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (1200);
  Outcome outcome = { 0 };
  Progress progress = { 0 };
  guint8 number;

  put (c, file, &progress, &outcome);
  expect_download (c, file, 0, FIRST_LENGTH, FALSE);
  number = c->peer->number;
  expect_download (c, file, 0, FIRST_LENGTH, FALSE); /* not answered: the same once more */
  g_assert_cmpuint (c->peer->number, ==, number);
  send_taken (c, 0);
  expect_download (c, file, FIRST_LENGTH, 1200 - FIRST_LENGTH, TRUE);
  g_assert_cmpuint (c->peer->number, ==, number);
  send_taken (c, 0); /* the answer to the first one's repetition */
  g_assert_false (outcome.done);
  send_taken (c, FIRST_LENGTH);
  expect_upload (c, 0);
  g_assert_cmpuint (progress.done, ==, 1200);
  send_upload (c, file, 0, 512);
  expect_upload (c, 512);
  send_upload (c, file, 512, 512);
  expect_upload (c, 1024);
  send_upload (c, file, 1024, 176);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.number);
  g_assert_cmpuint (progress.done, ==, 2400);
  g_assert_cmpuint (progress.expected, ==, 2400);
}

static void
test_put_empty (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = g_bytes_new (NULL, 0);
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  put (c, file, &progress, &outcome);
  expect_download (c, file, 0, 0, TRUE);
  send_taken (c, 0);
  expect_upload (c, 0);
  send_message (c, "9D TT 00 00 00 00 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_true (outcome.number);
}

static void
test_put_refused (Conversation *c, gconstpointer data)
{
  static const struct
  {
    guint code;
    gint  error;
  } cases[] = {
    { 0x01, OP_LOGGER_ERROR_SECURITY }, { 0x02, OP_LOGGER_ERROR_NO_ROOM }, { 0x09, OP_LOGGER_ERROR_REFUSED },
    { 0x0D, OP_LOGGER_ERROR_NAME },     { 0x0E, OP_LOGGER_ERROR_IN_USE },  { 0x14, OP_LOGGER_ERROR_NO_ROOM },
  };
  g_autoptr (GBytes) file = new_content (10);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Outcome outcome = { 0 };
      Progress progress = { 0 };

      put (c, file, &progress, &outcome);
      expect_download (c, file, 0, 10, TRUE);
      send_message (c, "9C TT %02X 00 00 00 00", cases[i].code);
      wait_for (&outcome.done);
      g_assert_error (outcome.error, OP_LOGGER_ERROR, cases[i].error);
      clear_outcome (&outcome, g_free);
    }
}

/* The last fragment came, its answer not; the repetition finds the file closed. */
static void
test_put_last_twice (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (10);
  g_autoptr (GBytes) other = new_content (9);
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  for (guint i = 0; i < 2; i++)
    {
      put (c, file, &progress, &outcome);
      expect_download (c, file, 0, 10, TRUE);
      expect_download (c, file, 0, 10, TRUE);
      send_message (c, "9C TT 09 00 00 00 00");
      expect_upload (c, 0);
      send_upload (c, i == 0 ? file : other, 0, i == 0 ? 10 : 9);
      wait_for (&outcome.done);
      if (i == 0)
        g_assert_no_error (outcome.error);
      else
        g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED);
      clear_outcome (&outcome, g_free);
      progress = (Progress) { 0 };
    }
}

static void
test_put_reads_differently (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (10);
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  put (c, file, &progress, &outcome);
  expect_download (c, file, 0, 10, TRUE);
  send_taken (c, 0);
  expect_upload (c, 0);
  send_message (c, "9D TT 00 00 00 00 00 00 07 0E 15 1C 23 2A 31 38 40"); /* the last bit is wrong */
  wait_for (&outcome.done);
  g_assert_error (outcome.error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA);
  clear_outcome (&outcome, g_free);
}

static void
test_put_unreadable (Conversation *c, gconstpointer data)
{
  g_autoptr (GBytes) file = new_content (10);
  Outcome outcome = { 0 };
  Progress progress = { 0 };

  put (c, file, &progress, &outcome);
  expect_download (c, file, 0, 10, TRUE);
  send_taken (c, 0);
  expect_upload (c, 0);
  send_message (c, "9D TT 0D 00 00 00 00");
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_false (outcome.number);
}

#define ADD(name, test)                                                                                             \
  g_test_add ("/files/" name, Conversation, NULL, conversation_set_up, test, conversation_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("get", test_get);
  ADD ("get/repeats", test_get_repeats);
  ADD ("get/goes-on", test_get_goes_on);
  ADD ("get/hang-up", test_get_hang_up);
  ADD ("get/refused", test_get_refused);
  ADD ("get/cancelled", test_get_cancelled);
  ADD ("get/through-noise", test_get_through_noise);
  ADD ("long-name", test_long_name);
  ADD ("list", test_list);
  ADD ("put", test_put);
  ADD ("put/empty", test_put_empty);
  ADD ("put/refused", test_put_refused);
  ADD ("put/last-twice", test_put_last_twice);
  ADD ("put/reads-differently", test_put_reads_differently);
  ADD ("put/unreadable", test_put_unreadable);
  return g_test_run ();
}
