/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/window-private.h"

G_BEGIN_DECLS

/* PakWindows: windows of records by number, each as pak_read_window_async() reads it; several may be read at a time. */
typedef struct _PakWindows PakWindows;

/* Called for one window after the other, in their order. Takes @chunk (may be NULL) and @error. */
typedef void (*PakWindowsFunc) (guint32 first, guint32 end, OpChunk *chunk, GError *error, gpointer data);

PakWindows *pak_windows_new   (const PakTarget *target, OpTable *table, PakWindowsFunc func, gpointer data);
/* Nothing more is told of those that are being read. */
void        pak_windows_free  (PakWindows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakWindows, pak_windows_free)

/* Reads from @first up to, without, @end behind the others. @time: PakExpectation's. */
void        pak_windows_append  (PakWindows *self, guint32 first, guint32 end, OpTime time);
/* As pak_windows_append(), to be told before the others. */
void        pak_windows_prepend (PakWindows *self, guint32 first, guint32 end, OpTime time);
/* Those that have not been told. */
guint       pak_windows_get_length (const PakWindows *self);
/* Gives up all that have not been told. */
void        pak_windows_clear   (PakWindows *self);

G_END_DECLS
