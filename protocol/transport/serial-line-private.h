/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Opens the terminal @path, locks it against other programs and makes it raw 8N1 at @baud. May block: call it
 * in a thread. Returns: a non-blocking descriptor, or -1 with an error of OP_TRANSPORT_ERROR.
 */
int      op_serial_line_open     (const char *path, guint baud, GError **error);
/** Unlocks it at once and closes it, in a thread, when what was written has gone out. */
void     op_serial_line_close    (int fd);
gboolean op_serial_line_set_baud (int fd, const char *path, guint baud, GError **error);
/** For a pty's master: what its slave is set to. Returns: 0 for a speed that loggers do not have. */
guint    op_serial_line_get_baud (int fd);
/** Every byte passes as it is: 8N1, no flow control, no line editing. Returns: FALSE with errno set. */
gboolean op_serial_line_make_raw (int fd);

G_END_DECLS
