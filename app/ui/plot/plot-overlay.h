/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/plot/frame.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a plot view draws over its picture. */

/** What of @widget's height is in sight where it scrolls, in its logical pixels. */
void op_plot_overlay_get_sight          (GtkWidget *widget, double *top, double *bottom);
/** What @picture shows below @edge, at the lower end of what is in sight: a time axis that does not scroll away. */
void op_plot_overlay_snapshot_foot      (GtkWidget *widget, GtkSnapshot *snapshot, GdkTexture *picture, double edge);
/** @text in the middle of @widget, quiet. */
void op_plot_overlay_snapshot_text      (GtkWidget *widget, GtkSnapshot *snapshot, const char *text);
/**
 * What of a selection between two places lies in @frame, its edges there marked A and B; in logical pixels, @a may lie
 * behind @b.
 */
void op_plot_overlay_snapshot_selection (GtkWidget *widget, GtkSnapshot *snapshot, double a, double b,
                                         const OpFrame *frame, gboolean dark);

/** Of what a person marked. */
GdkRGBA op_plot_overlay_get_color (gboolean dark);
/** What is marked between two places, without letters. */
void op_plot_overlay_snapshot_box (GtkSnapshot *snapshot, double a, double b, double top, double bottom, gboolean dark);

G_END_DECLS
