/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

G_BEGIN_DECLS

/** OpFrame: where a span of time and a range of values lie, in device pixels from the top left. */
typedef struct
{
  double left, top, right, bottom;
  OpTime from, to;   /* from < to */
  double low, high;  /* low < high, closer than G_MAXDOUBLE */
} OpFrame;

static inline double
op_frame_get_length (const OpFrame *frame)
{
  return (double) ((guint64) frame->to - (guint64) frame->from);
}

static inline double
op_frame_x (const OpFrame *frame, OpTime time)
{
  /* The difference first: it is small when the span is, and exact. */
  double offset = (double) ((__int128) time - frame->from);

  return frame->left + offset / op_frame_get_length (frame) * (frame->right - frame->left);
}

static inline double
op_frame_y (const OpFrame *frame, double value)
{
  double y = frame->bottom - (value - frame->low) / (frame->high - frame->low) * (frame->bottom - frame->top);
  double height = frame->bottom - frame->top, highest = frame->top - 4 * height;

  /* Far enough outside, and near enough for PLplot's integers; what is no number is far outside too. */
  return y > highest ? MIN (y, frame->bottom + 4 * height) : highest;
}

static inline OpTime
op_frame_time (const OpFrame *frame, double x)
{
  double part = CLAMP ((x - frame->left) / (frame->right - frame->left), 0, 1);

  if (part == 1)
    return frame->to;
  return (OpTime) ((guint64) frame->from + (guint64) (part * op_frame_get_length (frame)));
}

G_END_DECLS
