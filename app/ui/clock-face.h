/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger-time.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** OpClockFace: a card that shows what a clock shows. Property "title" (write): whose it is. */
#define OP_TYPE_CLOCK_FACE (op_clock_face_get_type ())
G_DECLARE_FINAL_TYPE (OpClockFace, op_clock_face, OP, CLOCK_FACE, GtkBox)

/** @time: OP_TIME_UNKNOWN when it is not known. */
void op_clock_face_set_time (OpClockFace *self, OpTime time);
/** @zone: what the time is told in; @note: what else is to be said of the clock. */
void op_clock_face_set_note (OpClockFace *self, const char *zone, const char *note);

G_END_DECLS
