/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/serial-transport.h"
#include "tests/transport/ear.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* A bare pty whose master the test itself reads and writes. */
typedef struct
{
  int  master;
  char path[128];
  Ear *ear;
} Line;

static void
line_set_up (Line *line, gconstpointer data)
{
  int slave;

  g_assert_cmpint (openpty (&line->master, &slave, line->path, NULL, NULL), ==, 0);
  close (slave);
  line->ear = ear_new (op_serial_transport_new (line->path, 9600));
}

static void
line_tear_down (Line *line, gconstpointer data)
{
  g_clear_pointer (&line->ear, ear_free);
  if (line->master >= 0)
    close (line->master);
}

static void
line_write (Line *line, const void *bytes, gsize length)
{
  g_assert_cmpint (write (line->master, bytes, length), ==, (gssize) length);
}

/* No descriptor of this process leads to the port at @data. */
static gboolean
is_all_closed (gpointer data)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (g_strcmp0 (target, data) == 0)
        return FALSE;
    }
  return TRUE;
}

/* Every value of a byte both ways, CR, LF, XON and XOFF among them. */
static void
test_is_raw (Line *line, gconstpointer data)
{
  guint8 all[256], back[sizeof all];
  g_autoptr (GBytes) bytes = NULL;
  gsize got = 0;

  for (guint i = 0; i < sizeof all; i++)
    all[i] = i;
  bytes = g_bytes_new (all, sizeof all);
  g_assert_true (ear_open (line->ear));

  line_write (line, all, sizeof all);
  ear_wait_heard (line->ear, sizeof all);
  g_assert_cmpmem (line->ear->heard->data, line->ear->heard->len, all, sizeof all);

  op_transport_send (line->ear->transport, bytes);
  while (got < sizeof back)
    {
      gssize n = read (line->master, back + got, sizeof back - got);

      g_assert_cmpint (n, >, 0);
      got += n;
    }
  g_assert_cmpmem (back, sizeof back, all, sizeof all);
}

static void
test_settings (Line *line, gconstpointer data)
{
  static const struct
  {
    guint   baud;
    speed_t speed;
  } rates[] = {
    { 1200, B1200 },   { 2400, B2400 },   { 4800, B4800 },   { 9600, B9600 },
    { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 }, { 115200, B115200 },
  };
  struct termios settings;

  g_assert_true (ear_open (line->ear));
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (op_serial_baud_is_valid (rates[i].baud));
      g_assert_true (op_transport_set_baud (line->ear->transport, rates[i].baud, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (op_transport_get_baud (line->ear->transport), ==, rates[i].baud);
      g_assert_cmpint (tcgetattr (line->master, &settings), ==, 0);
      g_assert_cmpuint (cfgetospeed (&settings), ==, rates[i].speed);
    }
  g_assert_cmpuint (settings.c_cflag & CSIZE, ==, CS8);
  g_assert_cmpuint (settings.c_cflag & (PARENB | CSTOPB | CRTSCTS), ==, 0);
  g_assert_cmpuint (settings.c_iflag & (ICRNL | IXON | IXOFF | ISTRIP), ==, 0);
  g_assert_cmpuint (settings.c_lflag & (ECHO | ICANON | ISIG), ==, 0);
  g_assert_cmpuint (settings.c_oflag & OPOST, ==, 0);
}

static void
test_wrong_baud (Line *line, gconstpointer data)
{
  g_autoptr (Ear) ear = ear_new (op_serial_transport_new (line->path, 1000));
  g_autoptr (GError) error = NULL;

  g_assert_false (op_serial_baud_is_valid (0));
  g_assert_false (op_serial_baud_is_valid (1000));
  g_assert_false (ear_open (ear));
  g_assert_error (ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED);

  g_assert_true (ear_open (line->ear));
  g_assert_false (op_transport_set_baud (line->ear->transport, 230400, &error));
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED);
  g_assert_cmpuint (op_transport_get_baud (line->ear->transport), ==, 9600);
}

static void
test_hang_up (Line *line, gconstpointer data)
{
  g_assert_true (ear_open (line->ear));
  close (g_steal_fd (&line->master));
  ear_wait_closed (line->ear);
  g_assert_error (line->ear->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  g_assert_nonnull (strstr (line->ear->closed->message, line->path));
  settle ();
  g_assert_cmpuint (line->ear->n_closed, ==, 1);

  /* The port is gone now. */
  g_assert_false (ear_open (line->ear));
  g_assert_error (line->ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_NO_DEVICE);
}

static void
test_no_device (void)
{
  g_autoptr (Ear) missing = ear_new (op_serial_transport_new ("/dev/no-such-port", 9600));
  g_autoptr (Ear) not_serial = ear_new (op_serial_transport_new ("/dev/null", 9600));

  g_assert_false (ear_open (missing));
  g_assert_error (missing->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_NO_DEVICE);
  g_assert_nonnull (strstr (missing->failed->message, "/dev/no-such-port"));
  g_assert_false (ear_open (not_serial));
  g_assert_error (not_serial->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_NO_DEVICE);
}

/* Runs as somebody else when started by root, whom no access right stops. */
static void
test_permission (Line *line, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_assert_cmpint (chmod (line->path, 0), ==, 0);
      if (geteuid () == 0)
        g_assert_cmpint (seteuid (65534), ==, 0);
      g_assert_false (ear_open (line->ear));
      g_assert_error (line->ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_PERMISSION);
      g_assert_nonnull (strstr (line->ear->failed->message, line->path));
      g_assert_null (strstr (line->ear->failed->message, "usermod"));

      /* A group that is let in is named. */
      if (getuid () == 0)
        {
          g_assert_cmpint (seteuid (0), ==, 0);
          g_assert_cmpint (chown (line->path, 0, 20), ==, 0);
          g_assert_cmpint (chmod (line->path, 0660), ==, 0);
          g_assert_cmpint (seteuid (65534), ==, 0);
          g_assert_false (ear_open (line->ear));
          g_assert_error (line->ear->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_PERMISSION);
          g_assert_nonnull (strstr (line->ear->failed->message, "dialout"));
          g_assert_cmpint (seteuid (0), ==, 0);
        }
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_exclusive (Line *line, gconstpointer data)
{
  g_autoptr (Ear) second = ear_new (op_serial_transport_new (line->path, 9600));

  g_assert_true (ear_open (line->ear));
  g_assert_false (ear_open (second));
  g_assert_error (second->failed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_BUSY);
  g_assert_nonnull (strstr (second->failed->message, line->path));

  /* Closing frees it at once. */
  op_transport_close (line->ear->transport);
  g_assert_true (ear_open (second));
}

static void
test_cancelled (Line *line, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      guint n_opened = line->ear->n_opened;
      gint64 start = g_get_monotonic_time ();

      if (i % 2 == 0)
        g_cancellable_cancel (cancellable);
      ear_start_open (line->ear, cancellable);
      if (i % 2 == 1)
        g_cancellable_cancel (cancellable);
      ear_wait_opened (line->ear, n_opened + 1);
      g_assert_error (line->ear->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 200 * 1000);
    }
  wait_until (is_all_closed, line->path);
}

static void
test_close_while_opening (Line *line, gconstpointer data)
{
  ear_start_open (line->ear, NULL);
  op_transport_close (line->ear->transport);
  ear_wait_opened (line->ear, 1);
  g_assert_error (line->ear->failed, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ear_send_text (line->ear, "ignored");
}

static void
test_no_leak (Line *line, gconstpointer data)
{
  guint fds;

  /* Once, for what the library itself opens on first use. */
  g_assert_true (ear_open (line->ear));
  g_assert_false (is_all_closed (line->path));
  op_transport_close (line->ear->transport);
  wait_until (is_all_closed, line->path);
  fds = count_fds ();

  for (guint i = 0; i < 1000; i++)
    {
      g_assert_true (ear_open (line->ear));
      ear_send_text (line->ear, "x");
      op_transport_close (line->ear->transport);
      tcflush (line->master, TCIFLUSH);
    }
  wait_until (is_all_closed, line->path);
  g_assert_cmpuint (count_fds (), ==, fds);
}

/* An emulator's pty with a link to it, and a client on that link. */
typedef struct
{
  char *folder;
  char *link;
  char *slave;
  Ear  *server;
  Ear  *client;
} Pty;

static void
pty_set_up (Pty *pty, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  OpTransport *server;

  pty->folder = g_dir_make_tmp ("outpost-serial-XXXXXX", &error);
  g_assert_no_error (error);
  pty->link = g_build_filename (pty->folder, "logger", NULL);
  server = op_serial_transport_new_pty (pty->link, &pty->slave, &error);
  g_assert_no_error (error);
  pty->server = ear_new (server);
  pty->client = ear_new (op_serial_transport_new (pty->link, 115200));
  g_assert_true (ear_open (pty->server));
}

static void
pty_tear_down (Pty *pty, gconstpointer data)
{
  g_clear_pointer (&pty->client, ear_free);
  g_clear_pointer (&pty->server, ear_free);
  g_remove (pty->link);
  g_assert_cmpint (g_rmdir (pty->folder), ==, 0);
  g_free (pty->folder);
  g_free (pty->link);
  g_free (pty->slave);
}

static void
test_pty (Pty *pty, gconstpointer data)
{
  const gsize length = 1024 * 1024;
  g_autoptr (GBytes) pattern = pattern_new (length);
  g_autofree char *target = g_file_read_link (pty->link, NULL);

  g_assert_cmpstr (target, ==, pty->slave);
  g_assert_true (ear_open (pty->client));
  ear_send_text (pty->client, "ring");
  ear_assert_heard (pty->server, "ring");
  ear_send_text (pty->server, "ready");
  ear_assert_heard (pty->client, "ready");

  pty->server->echo = TRUE;
  op_transport_send (pty->client->transport, pattern);
  ear_wait_heard (pty->client, length);
  g_assert_cmpmem (pty->client->heard->data, pty->client->heard->len, g_bytes_get_data (pattern, NULL),
                   length);
}

static void
test_pty_clients_come_and_go (Pty *pty, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      ear_send_text (pty->server, "said to nobody");
      settle ();
      g_assert_true (ear_open (pty->client));
      ear_send_text (pty->client, "hello");
      ear_assert_heard (pty->server, "hello");
      ear_send_text (pty->server, "answer");
      ear_assert_heard (pty->client, "answer");
      op_transport_close (pty->client->transport);
    }
  g_assert_cmpuint (pty->server->n_closed, ==, 0);
}

static gboolean
is_not_exclusive (gpointer data)
{
  int exclusive = -1;

  g_assert_cmpint (ioctl (GPOINTER_TO_INT (data), TIOCGEXCL, &exclusive), ==, 0);
  return exclusive == 0;
}

/* A client of other authors leaves its lock and its terminal settings behind; the next one is not to suffer.
 */
static void
test_pty_rude_client (Pty *pty, gconstpointer data)
{
  int watcher = open (pty->slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
  int rude = open (pty->slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios settings;

  g_assert_cmpint (tcgetattr (rude, &settings), ==, 0);
  settings.c_lflag |= ECHO | ICANON;
  settings.c_iflag |= ICRNL;
  g_assert_cmpint (tcsetattr (rude, TCSANOW, &settings), ==, 0);
  g_assert_cmpint (ioctl (rude, TIOCEXCL), ==, 0);
  g_assert_false (is_not_exclusive (GINT_TO_POINTER (watcher)));
  close (rude);
  wait_until (is_not_exclusive, GINT_TO_POINTER (watcher));
  g_assert_cmpint (tcgetattr (watcher, &settings), ==, 0);
  g_assert_cmpuint (settings.c_lflag & (ECHO | ICANON), ==, 0);
  g_assert_cmpuint (settings.c_iflag & ICRNL, ==, 0);
  close (watcher);
}

static void
test_pty_close (Pty *pty, gconstpointer data)
{
  g_assert_true (ear_open (pty->client));
  op_transport_close (pty->server->transport);
  ear_wait_closed (pty->client);
  g_assert_error (pty->client->closed, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP);
  g_assert_false (g_file_test (pty->link, G_FILE_TEST_IS_SYMLINK));

  /* Opened anew, it is there again under the same link. */
  g_assert_true (ear_open (pty->server));
  g_assert_true (ear_open (pty->client));
  ear_send_text (pty->client, "hello");
  ear_assert_heard (pty->server, "hello");
}

static void
test_pty_link (Pty *pty, gconstpointer data)
{
  g_autofree char *file = g_build_filename (pty->folder, "precious", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OpTransport) over_file = NULL;
  g_autoptr (OpTransport) over_link = NULL;
  g_autofree char *slave = NULL, *target = NULL;

  /* A file is left alone. */
  g_assert_true (g_file_set_contents (file, "data", -1, NULL));
  over_file = op_serial_transport_new_pty (file, NULL, &error);
  g_assert_null (over_file);
  g_assert_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, file));
  g_assert_true (g_file_get_contents (file, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "data");
  g_remove (file);

  /* A link is taken over, and whoever had it does not remove it then. */
  over_link = op_serial_transport_new_pty (pty->link, &slave, NULL);
  g_assert_nonnull (over_link);
  op_transport_close (pty->server->transport);
  target = g_file_read_link (pty->link, NULL);
  g_assert_cmpstr (target, ==, slave);
  g_clear_object (&over_link);
  g_assert_false (g_file_test (pty->link, G_FILE_TEST_IS_SYMLINK));
}

#define ADD(name, func) g_test_add ("/transport/serial/" name, Line, NULL, line_set_up, func, line_tear_down)
#define ADD_PTY(name, func) g_test_add ("/transport/pty/" name, Pty, NULL, pty_set_up, func, pty_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("is-raw", test_is_raw);
  ADD ("settings", test_settings);
  ADD ("wrong-baud", test_wrong_baud);
  ADD ("hang-up", test_hang_up);
  ADD ("permission", test_permission);
  ADD ("exclusive", test_exclusive);
  ADD ("cancelled", test_cancelled);
  ADD ("close-while-opening", test_close_while_opening);
  ADD ("no-leak", test_no_leak);
  g_test_add_func ("/transport/serial/no-device", test_no_device);
  ADD_PTY ("both-ways", test_pty);
  ADD_PTY ("clients-come-and-go", test_pty_clients_come_and_go);
  ADD_PTY ("rude-client", test_pty_rude_client);
  ADD_PTY ("close", test_pty_close);
  ADD_PTY ("link", test_pty_link);

  return g_test_run ();
}
