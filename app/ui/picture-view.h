/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/picture.h"
#include "app/ui/table-source.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * OpPictureView: fields of a table as a picture that is not drawn over time, what it shows in words below, and what
 * lies under the pointer. It works while it is on the screen only.
 */
#define OP_TYPE_PICTURE_VIEW (op_picture_view_get_type ())
G_DECLARE_FINAL_TYPE (OpPictureView, op_picture_view, OP, PICTURE_VIEW, AdwBin)

void          op_picture_view_set_kind   (OpPictureView *self, OpPictureKind kind);
OpPictureKind op_picture_view_get_kind   (OpPictureView *self);
/** Fields that suit the kind are chosen from those of @source that are, or by their names and units. */
void          op_picture_view_set_source (OpPictureView *self, OpTableSource *source);
void          op_picture_view_set_span   (OpPictureView *self, OpTime from, OpTime to);
/** Writes what is seen to a PNG, SVG or PDF file, as the name's ending says. Errors: OP_PLOT_ERROR. */
gboolean      op_picture_view_save       (OpPictureView *self, const char *path, GError **error);

G_END_DECLS
