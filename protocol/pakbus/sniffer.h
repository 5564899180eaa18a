/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/frame.h"

G_BEGIN_DECLS

/**
 * PakSniffer: finds the frames in one direction of somebody's traffic: those of PakFrameParser, and those that are
 * not quoted (pakbus-facts A3), which our own session never agrees to.
 */
typedef struct _PakSniffer PakSniffer;

/** As PakFrameFunc; @unquoted: not quoted and not signed, @verdict being PAK_FRAME_OK. */
typedef void (*PakSniffFunc) (PakFrameVerdict verdict, gboolean unquoted, const guint8 *body, gsize length,
                              gpointer data);

PakSniffer *pak_sniffer_new    (PakSniffFunc func, gpointer data);
void        pak_sniffer_free   (PakSniffer *sniffer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakSniffer, pak_sniffer_free)
void        pak_sniffer_push   (PakSniffer *sniffer, const guint8 *bytes, gsize length);
/** No more is to come: what began as an unquoted frame and is none is looked at as the others are. */
void        pak_sniffer_finish (PakSniffer *sniffer);
/** Forgets a frame begun. */
void        pak_sniffer_reset  (PakSniffer *sniffer);

G_END_DECLS
