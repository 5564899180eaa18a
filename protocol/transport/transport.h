/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OpTransport: bytes in, bytes out, asynchronously. Serial port, TCP, in-process pair, recording and replay
 * are interchangeable; a protocol never sees a file descriptor.
 *
 * Life: new → open_async → ("received" …) → close or "closed". A transport lives in the thread-default main
 * context of the thread that opened it, and emits its signals there. It can be opened again after it closed.
 *
 * Opening while it is open or opening fails with G_IO_ERROR_PENDING. Closing while it opens ends the opening
 * with G_IO_ERROR_CANCELLED, as cancelling does; it may be opened anew at once.
 *
 * Signals:
 * "received" (GBytes *bytes): what came, in any cut.
 * "closed" (GError *error): once, when the other side or the system ended it; error is never NULL. Not emitted
 *   after op_transport_close().
 */
#define OP_TYPE_TRANSPORT (op_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (OpTransport, op_transport, OP, TRANSPORT, GObject)

struct _OpTransportClass
{
  GObjectClass parent_class;

  void     (*open_async)  (OpTransport *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
  gboolean (*open_finish) (OpTransport *self, GAsyncResult *result, GError **error);
  void     (*send)        (OpTransport *self, GBytes *bytes);
  void     (*close)       (OpTransport *self);
  guint    (*get_baud)    (OpTransport *self);
  gboolean (*set_baud)    (OpTransport *self, guint baud, GError **error);
};

void        op_transport_open_async  (OpTransport *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer data);
gboolean    op_transport_open_finish (OpTransport *self, GAsyncResult *result, GError **error);
/** Queues @bytes; they go out in order. A failure comes as "closed". Ignored when not open. */
void        op_transport_send        (OpTransport *self, GBytes *bytes);
/** Ends the link at once; what is still queued is dropped unless the system already took it. Idempotent. */
void        op_transport_close       (OpTransport *self);
gboolean    op_transport_is_open     (OpTransport *self);
/** Bits a second of a serial line (10 bits a byte), 0 where speed is unknown or irrelevant. */
guint       op_transport_get_baud    (OpTransport *self);
/** Changes a serial line's speed while open (for the auto-baud search); FALSE with error elsewhere. */
gboolean    op_transport_set_baud    (OpTransport *self, guint baud, GError **error);
/** What people call it: "10.0.0.5:6785", "/dev/ttyUSB0 at 115200 baud". Owned by the transport. */
const char *op_transport_get_name    (OpTransport *self);

/*
 * For implementations. open_async() only prepares: its result (a pointer of its GTask, with the cancellable it
 * was given) becomes the transport's own in open_finish(), which marks it open. It never completes before it
 * returns. close() releases what open_finish() took; it is called once an opening.
 */
void        op_transport_set_name        (OpTransport *self, const char *name);
void        op_transport_set_is_open     (OpTransport *self, gboolean is_open);
void        op_transport_emit_received   (OpTransport *self, GBytes *bytes);
/** Marks it closed, releases it with its close(), then emits "closed". Ignored when not open. */
void        op_transport_emit_closed     (OpTransport *self, const GError *error);

/* Who is to blame: the system and the line. Messages name what was tried, on what, and what may help. */
typedef enum
{
  OP_TRANSPORT_ERROR_ADDRESS,    /* the URI is wrong */
  OP_TRANSPORT_ERROR_RESOLVE,    /* no such host */
  OP_TRANSPORT_ERROR_REFUSED,    /* host answers, nobody listens */
  OP_TRANSPORT_ERROR_UNREACHABLE,
  OP_TRANSPORT_ERROR_TIMED_OUT,  /* no connection within the time-out */
  OP_TRANSPORT_ERROR_NO_DEVICE,  /* no such port */
  OP_TRANSPORT_ERROR_PERMISSION, /* port not accessible: names node and group */
  OP_TRANSPORT_ERROR_BUSY,       /* port locked by another program */
  OP_TRANSPORT_ERROR_HUNG_UP,    /* cable pulled, peer gone */
  OP_TRANSPORT_ERROR_REPLAY,     /* trace does not fit what was sent */
  OP_TRANSPORT_ERROR_FAILED,
} OpTransportError;
#define OP_TRANSPORT_ERROR (op_transport_error_quark ())
GQuark op_transport_error_quark (void);

G_END_DECLS
