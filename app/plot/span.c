/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/span.h"

#include <math.h>

#define SHORTEST (OP_SECOND / 1000)
/* Shown around a single record. */
#define AROUND   (30 * OP_SECOND)
/* How many times the records' whole span may be looked at. */
#define WIDEST   4

static OpTime
to_time (double time)
{
  /* The last double below 2^63. */
  return (OpTime) CLAMP (time, -9223372036854774784.0, 9223372036854774784.0);
}

/* In doubles, which have no end; the middle stays among the records. */
static void
set_limited (OpSpan *span, double middle, double length)
{
  double whole = fmax ((double) span->last - (double) span->first, 2.0 * AROUND);
  double half = CLAMP (length, (double) SHORTEST, WIDEST * whole) / 2;

  middle = CLAMP (middle, (double) span->first, (double) span->last);
  span->from = to_time (middle - half);
  span->to = MAX (to_time (middle + half), span->from + 1);
}

void
op_span_init (OpSpan *span)
{
  *span = (OpSpan) { OP_TIME_UNKNOWN, OP_TIME_UNKNOWN, 0, OP_SECOND };
}

gboolean
op_span_has_records (const OpSpan *span)
{
  return span->first != OP_TIME_UNKNOWN && span->last != OP_TIME_UNKNOWN;
}

void
op_span_reset (OpSpan *span, OpTime first, OpTime last)
{
  span->first = first;
  span->last = last;
  op_span_fit (span);
}

void
op_span_follow (OpSpan *span, OpTime first, OpTime last)
{
  gboolean had_records = op_span_has_records (span);
  gboolean follows = had_records && span->to >= span->last;
  gboolean holds_all = !had_records || (follows && span->from <= span->first);
  OpTime more = had_records && last != OP_TIME_UNKNOWN ? last - span->last : 0;

  span->first = first;
  span->last = last;
  if (holds_all)
    {
      op_span_fit (span);
    }
  else if (follows)
    {
      span->from += more;
      span->to += more;
    }
}

void
op_span_grow (OpSpan *span, OpTime first, OpTime last)
{
  if (!op_span_has_records (span))
    {
      op_span_reset (span, first, last);
      return;
    }
  span->first = first;
  span->last = last;
}

double
op_span_get_length (const OpSpan *span)
{
  return (double) ((guint64) span->to - (guint64) span->from);
}

void
op_span_fit (OpSpan *span)
{
  if (!op_span_has_records (span))
    return;
  if (span->first < span->last)
    {
      span->from = span->first;
      span->to = span->last;
    }
  else
    {
      set_limited (span, (double) span->first, 2.0 * AROUND);
    }
}

void
op_span_zoom (OpSpan *span, OpTime time, double factor)
{
  double length = op_span_get_length (span);
  double part = ((double) time - (double) span->from) / length;

  if (!op_span_has_records (span))
    return;
  length = fmax (length * factor, (double) SHORTEST);
  set_limited (span, (double) time + (0.5 - part) * length, length);
}

void
op_span_go_to_end (OpSpan *span)
{
  OpTime length = span->to - span->from;

  if (!op_span_has_records (span) || span->to == span->last)
    return;
  span->to = span->last;
  span->from = span->last - length;
}

void
op_span_pan (OpSpan *span, double part)
{
  double length = op_span_get_length (span);

  if (op_span_has_records (span))
    set_limited (span, (double) span->from + (0.5 + part) * length, length);
}
