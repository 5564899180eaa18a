/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/serial-line-private.h"

#include "protocol/transport/serial-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static const struct
{
  guint   baud;
  speed_t speed;
} speeds[] = {
  { 1200, B1200 },   { 2400, B2400 },   { 4800, B4800 },   { 9600, B9600 },
  { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 }, { 115200, B115200 },
};

static speed_t
find_speed (guint baud)
{
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    if (speeds[i].baud == baud)
      return speeds[i].speed;
  return B0;
}

/* The group that the device belongs to, if being in it helps. */
static char *
dup_helpful_group (const char *path)
{
  struct stat status;
  struct group entry, *found = NULL;
  char buffer[4096];

  if (stat (path, &status) != 0 || (status.st_mode & S_IRGRP) == 0 || (status.st_mode & S_IWGRP) == 0
      || status.st_gid == 0)
    return NULL;
  if (getgrgid_r (status.st_gid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
    return g_strdup_printf ("%u", (guint) status.st_gid);
  return g_strdup (found->gr_name);
}

static void
set_permission_error (GError **error, const char *path)
{
  g_autofree char *group = dup_helpful_group (path);

  if (group != NULL)
    g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_PERMISSION,
                 _ ("No permission to use %s. It belongs to the group “%s”: become a member "
                    "(sudo usermod -aG %s $USER) and log in again."),
                 path, group, group);
  else
    g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_PERMISSION,
                 _ ("No permission to use %s, and its access rights let no group in. The administrator can "
                    "change them."),
                 path);
}

static void
set_open_error (GError **error, const char *path, int error_number)
{
  switch (error_number)
    {
    case ENOENT:
    case ENXIO:
    case ENODEV:
    case ENOTDIR:
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_NO_DEVICE,
                   _ ("There is no port %s. Is its cable plugged in?"), path);
      break;
    case ENOTTY:
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_NO_DEVICE, _ ("%s is no serial port."),
                   path);
      break;
    case EIO:
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_NO_DEVICE,
                   _ ("There is no working port behind %s."), path);
      break;
    case EACCES:
    case EPERM:
      set_permission_error (error, path);
      break;
    case EBUSY:
    case EWOULDBLOCK:
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_BUSY,
                   _ ("%s is in use by another program. Close that and try again."), path);
      break;
    default:
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED, _ ("Opening %s failed: %s."), path,
                   g_strerror (error_number));
      break;
    }
}

/* flock() keeps root out as well, TIOCEXCL also those programs that do not lock. */
static gboolean
prepare (int fd, const char *path, guint baud, GError **error)
{
  if (!isatty (fd) || flock (fd, LOCK_EX | LOCK_NB) != 0 || ioctl (fd, TIOCEXCL) != 0
      || !op_serial_line_make_raw (fd))
    {
      set_open_error (error, path, errno);
      return FALSE;
    }
  if (!op_serial_line_set_baud (fd, path, baud, error))
    return FALSE;

  tcflush (fd, TCIFLUSH);
  return TRUE;
}

int
op_serial_line_open (const char *path, guint baud, GError **error)
{
  /* Without O_NONBLOCK, opening waits for a carrier that three-wire cables never give. */
  int fd = open (path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0)
    {
      set_open_error (error, path, errno);
      return -1;
    }
  if (!prepare (fd, path, baud, error))
    {
      close (fd);
      return -1;
    }
  return fd;
}

static gpointer
close_in_thread (gpointer data)
{
  close (GPOINTER_TO_INT (data));
  return NULL;
}

void
op_serial_line_close (int fd)
{
  ioctl (fd, TIOCNXCL);
  flock (fd, LOCK_UN);
  /* The kernel waits up to 30 s for the last bytes to leave. */
  g_thread_unref (g_thread_new ("close-serial", close_in_thread, GINT_TO_POINTER (fd)));
}

gboolean
op_serial_line_set_baud (int fd, const char *path, guint baud, GError **error)
{
  speed_t speed = find_speed (baud);
  struct termios settings;

  if (speed == B0 || tcgetattr (fd, &settings) != 0 || cfsetspeed (&settings, speed) != 0
      || tcsetattr (fd, TCSANOW, &settings) != 0
      /* tcsetattr() succeeds when it could do any part of what it was asked for. */
      || tcgetattr (fd, &settings) != 0 || cfgetospeed (&settings) != speed)
    {
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED, _ ("%s cannot be set to %u baud."),
                   path, baud);
      return FALSE;
    }
  return TRUE;
}

guint
op_serial_line_get_baud (int fd)
{
  struct termios settings;

  if (tcgetattr (fd, &settings) != 0)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    if (speeds[i].speed == cfgetospeed (&settings))
      return speeds[i].baud;
  return 0;
}

gboolean
op_serial_line_make_raw (int fd)
{
  struct termios settings;

  if (tcgetattr (fd, &settings) != 0)
    return FALSE;

  cfmakeraw (&settings);
  settings.c_iflag &= ~(tcflag_t) (IXOFF | IXANY | INPCK);
  settings.c_cflag &= ~(tcflag_t) (CSTOPB | CRTSCTS);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  return tcsetattr (fd, TCSANOW, &settings) == 0;
}

gboolean
op_serial_baud_is_valid (guint baud)
{
  return find_speed (baud) != B0;
}
