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
 * with the bytes as hex in "bytes"; of a damaged frame header and message are what its first bytes would mean. Ring
 * and capabilities frames have "capabilities" behind src_phy; DevConfig frames, which have no header (pakbus-facts A4),
 * have "framing" in its place.
 *
 * What the dissector saw before, it understands later frames by:
 * - Get Values Response: "ValuesText" of its Values, by its command.
 * - Collect Data Response and One-Way Data: with "TableName", and "Records" (aa{sv} of RecNbr, TimeOfRec and Values,
 *   a{sv} of texts by column) instead of RecFrag, when the table's definition passed by; "RecordsLeftOut" counts those
 *   that are not listed. Several tables are in "Blocks".
 * - File Upload Response: "FileName"; behind the last fragment "Definitions" or the "Directory", if it is one.
 * Settings have their "SettingName" and "ValueText".
 * Returns: (transfer full): not floating
 */
GVariant     *pak_dissector_frame   (PakDissector *dissector, PakFrameVerdict verdict, const guint8 *body, gsize length);
/** As pak_dissector_frame(), of one that was not quoted and has no signature (pakbus-facts A3): "framing" says so. */
GVariant     *pak_dissector_unquoted_frame (PakDissector *dissector, const guint8 *body, gsize length);
/** The same frame as lines of text for people, without a trailing newline. */
char         *pak_dissector_to_text (GVariant *frame);

G_END_DECLS
