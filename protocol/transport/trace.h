/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/*
 * The trace: a text file, a line an event, that people can read and mend:
 *   # comment
 *   0.000000 open tcp://127.0.0.1:6785
 *   0.012345 > BD 90 01 0F FE 71 D2 BD      (sent by us)
 *   0.020011 < BD AF FE 00 01 5A 89 BD      (received)
 *   1.500000 closed The connection was reset
 * Times are seconds since opening. Long runs of bytes continue on further lines of the same direction.
 * "closed" without a text is our own closing. Several openings may follow one another.
 */

typedef enum
{
  OP_TRACE_SENT,
  OP_TRACE_RECEIVED,
  OP_TRACE_OPENED,
  OP_TRACE_CLOSED,
} OpTraceKind;

typedef struct
{
  gint64      time_us; /* since the trace began */
  OpTraceKind kind;
  GBytes     *bytes;   /* SENT and RECEIVED */
  char       *text;    /* OPENED and CLOSED; "" when we closed */
  guint       line;    /* of the trace's text, from 1; 0 when it comes from none */
} OpTraceEvent;

void       op_trace_event_free (OpTraceEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpTraceEvent, op_trace_event_free)
/** Appends the lines that describe @event. */
void       op_trace_event_append (const OpTraceEvent *event, GString *text);
/**
 * Reads a trace's text; every line becomes an event. Returns: (element-type OpTraceEvent).
 * Errors: OP_TRANSPORT_ERROR_REPLAY with the line.
 */
GPtrArray *op_trace_parse (const char *text, gsize length, GError **error);
/** Reads one line, the @line-th, for traces too long to be held. @event: NULL for a comment. Errors: as above. */
gboolean   op_trace_parse_line (const char *text, gsize length, guint line, OpTraceEvent **event, GError **error);

/**
 * A transport that passes everything to and from @inner and emits what goes by as
 * "event" (OpTraceEvent *), and, if @path is not NULL, appends it to that file (asynchronously, in order; all is
 * written when the recorder is finalized).
 */
#define OP_TYPE_RECORDER (op_recorder_get_type ())
G_DECLARE_FINAL_TYPE (OpRecorder, op_recorder, OP, RECORDER, OpTransport)
OpTransport *op_recorder_new (OpTransport *inner, const char *path);

/**
 * A transport that plays the received side of a trace. It expects what the trace's sent lines say: each
 * received run comes only after the sends before it have been matched byte for byte (cuts aside); other bytes
 * close it with OP_TRANSPORT_ERROR_REPLAY naming line and offset. No waiting: times are not honoured. Where the
 * other side hung up in the trace, it does so again; opening anew then plays on, after the last one from the start.
 */
#define OP_TYPE_REPLAY (op_replay_get_type ())
G_DECLARE_FINAL_TYPE (OpReplay, op_replay, OP, REPLAY, OpTransport)
/** @events: (element-type OpTraceEvent), referenced. */
OpTransport *op_replay_new          (GPtrArray *events);
/** Reads the file on opening. */
OpTransport *op_replay_new_for_file (const char *path);

G_END_DECLS
