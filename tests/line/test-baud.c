/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search for a serial line's speed, over a pty behind which a logger knows one speed only. */

#include "client.h"

#include "protocol/families.h"
#include "protocol/pakbus/pak-logger.h"
#include "protocol/transport/serial-transport.h"

#include <string.h>

typedef struct
{
  OpEmulator *emulator;
  OpLogger   *logger;
  GString    *tried;  /* "115200 57600 " */
  char       *found;  /* what the step says at the end */
} Fixture;

static void
on_step_cb (OpLogger *logger, OpLoggerStep step, OpStepState state, const char *detail, gpointer data)
{
  Fixture *f = data;
  const char *space = strchr (detail, ' ');

  if (step != OP_STEP_ANSWER || *detail == '\0')
    return;
  if (state == OP_STEP_RUNNING)
    {
      g_assert_nonnull (space);
      g_string_append_len (f->tried, detail, space - detail + 1);
    }
  if (state == OP_STEP_DONE)
    {
      g_free (f->found);
      f->found = g_strdup (detail);
    }
}

/* @path: of a pty, taken */
static void
use_pty (Fixture *f, char *path, const char *query)
{
  g_autofree char *uri = g_strdup_printf ("serial:%s%s", path, query);
  g_autoptr (OpAddress) address = op_address_parse (uri, NULL);

  g_assert_nonnull (address);
  f->logger = op_logger_new (address, -1, NULL, NULL);
  f->tried = g_string_new (NULL);
  g_signal_connect (f->logger, "step", G_CALLBACK (on_step_cb), f);
  g_free (path);
}

static void
fixture_init (Fixture *f, guint baud, const char *query)
{
  OpEmulatorOptions *options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;

  options->baud = baud;
  options->strict_baud = TRUE;
  f->emulator = new_emulator (7, options);
  use_pty (f, op_emulator_open_pty (f->emulator, NULL, &error), query);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *f)
{
  op_logger_close (f->logger);
  g_object_unref (f->logger);
  g_clear_object (&f->emulator);
  g_string_free (f->tried, TRUE);
  g_free (f->found);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
test_found (void)
{
  static const struct
  {
    guint       baud;
    const char *query;
    const char *tried;
    const char *found;
  } cases[] = {
    { 115200, "", "115200 ", "115200 baud" },
    { 38400, "?pakbus=7", "115200 57600 38400 ", "38400 baud" },
    { 9600, "", "115200 57600 38400 19200 9600 ", "9600 baud" },
    { 1200, "?pakbus=7", "115200 57600 38400 19200 9600 4800 2400 1200 ", "1200 baud" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) f = { 0 };

      fixture_init (&f, cases[i].baud, cases[i].query);
      g_assert_no_error (open_logger (f.logger, NULL));
      g_assert_cmpstr (f.tried->str, ==, cases[i].tried);
      g_assert_cmpstr (f.found, ==, cases[i].found);
      g_assert_cmpuint (pak_logger_get_baud (PAK_LOGGER (f.logger)), ==, cases[i].baud);
    }
}

static void
test_remembered (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (Collection) collection = { 0 };

  fixture_init (&f, 57600, "");
  g_assert_no_error (open_logger (f.logger, NULL));
  g_assert_cmpstr (f.tried->str, ==, "115200 57600 ");
  op_logger_close (f.logger);
  g_string_truncate (f.tried, 0);
  collection_start (&collection, f.logger);
  collection_assert (&collection, f.emulator, 7);
  g_assert_cmpstr (f.tried->str, ==, "57600 ");
}

/* What the address gives is not doubted. */
static void
test_fixed (void)
{
  g_auto (Fixture) right = { 0 };
  g_auto (Fixture) wrong = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_init (&right, 9600, "?baud=9600");
  g_assert_no_error (open_logger (right.logger, NULL));
  g_assert_cmpstr (right.tried->str, ==, "");
  g_assert_cmpstr (right.found, ==, "9600 baud");

  fixture_init (&wrong, 9600, "?baud=19200");
  error = open_logger (wrong.logger, NULL);
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
  g_assert_cmpstr (wrong.tried->str, ==, "");
}

/* All speeds are tried once, in a bounded time; then the next opening begins as the first one did. */
static void
test_nobody (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (OpTransport) pty = NULL;
  char *path = NULL;

  pty = op_serial_transport_new_pty (NULL, &path, NULL);
  g_assert_nonnull (pty);
  use_pty (&f, path, "?pakbus=7");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 since = g_get_monotonic_time ();

      error = open_logger (f.logger, NULL);
      g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
      g_assert_cmpint (g_get_monotonic_time () - since, <, 12 * G_USEC_PER_SEC);
      g_assert_cmpstr (f.tried->str, ==, "115200 57600 38400 19200 9600 4800 2400 1200 ");
      g_string_truncate (f.tried, 0);
    }
}

static gboolean
on_time_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 since = g_get_monotonic_time ();

  fixture_init (&f, 9600, "");
  g_timeout_add (1300, on_time_cb, cancellable);
  error = open_logger (f.logger, cancellable);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - since, <, 2 * G_USEC_PER_SEC);
  g_assert_cmpstr (f.tried->str, ==, "115200 57600 ");

  /* It can be opened after that. */
  g_assert_no_error (open_logger (f.logger, NULL));
  g_assert_cmpstr (f.found, ==, "9600 baud");
}

/* Garbage is told apart from silence: a line that has a speed that we do not try. */
static void
test_garbage (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_init (&f, 300, "");
  error = open_logger (f.logger, NULL);
  g_assert_error (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/line/baud/found", test_found);
  g_test_add_func ("/line/baud/remembered", test_remembered);
  g_test_add_func ("/line/baud/fixed", test_fixed);
  g_test_add_func ("/line/baud/nobody", test_nobody);
  g_test_add_func ("/line/baud/cancelled", test_cancelled);
  g_test_add_func ("/line/baud/garbage", test_garbage);
  return g_test_run ();
}
