/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/frame.h"
#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

/** PakDissector: prints frames by name: framing, header, message, every field. */
typedef struct _PakDissector PakDissector;
PakDissector *pak_dissector_new  (void);
void          pak_dissector_free (PakDissector *dissector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PakDissector, pak_dissector_free)
/**
 * One frame as a dictionary (a{sv}, in this order) with signature_ok, link_state, dst_phy, src_phy, expect_more,
 * priority, dst_node, src_node, hop_count, protocol, message (name), type, transaction and fields (a{sv} by the
 * manual's names; groups as aa{sv}; bytes as hex text; times as text). What cannot be read is said in "error",
 * with the bytes as hex in "bytes". Ring and capabilities frames have "capabilities" behind src_phy; a Get Values
 * Response has "ValuesText" besides its Values when its command was seen before. json_gvariant_serialize() of
 * json-glib makes the agreed JSON of it.
 * Returns: (transfer full): not floating
 */
GVariant     *pak_dissector_frame   (PakDissector *dissector, PakFrameVerdict verdict, const guint8 *body, gsize length);
/** The same frame as lines of text for people, without a trailing newline. */
char         *pak_dissector_to_text (GVariant *frame);

G_END_DECLS
