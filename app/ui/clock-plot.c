/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-plot.h"

#include "app/plot/drift-plot.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define NATURAL_WIDTH 480
#define HEIGHT        190

struct _OpClockPlot
{
  GtkWidget      parent_instance;

  OpDriftPlot   *plot;
  OpClockKeeper *keeper;
};

G_DEFINE_FINAL_TYPE (OpClockPlot, op_clock_plot, GTK_TYPE_WIDGET)

static void
op_clock_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 1;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : NATURAL_WIDTH;
}

static void
op_clock_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OpClockPlot *self = OP_CLOCK_PLOT (widget);
  const OpClockDrift *drift = self->keeper != NULL ? op_clock_keeper_get_drift (self->keeper) : NULL;
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (drift == NULL)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  op_drift_plot_draw (self->plot, drift, op_clock_keeper_get_utc_offset (self->keeper, NULL),
                      dark ? OP_PLOT_DARK : OP_PLOT_LIGHT, cr, width, height, 1);
  cairo_destroy (cr);
}

static void
op_clock_plot_dispose (GObject *object)
{
  OpClockPlot *self = OP_CLOCK_PLOT (object);

  if (self->keeper != NULL)
    g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_clear_object (&self->keeper);
  G_OBJECT_CLASS (op_clock_plot_parent_class)->dispose (object);
}

static void
op_clock_plot_finalize (GObject *object)
{
  op_drift_plot_free (OP_CLOCK_PLOT (object)->plot);
  G_OBJECT_CLASS (op_clock_plot_parent_class)->finalize (object);
}

static void
op_clock_plot_class_init (OpClockPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = op_clock_plot_dispose;
  G_OBJECT_CLASS (klass)->finalize = op_clock_plot_finalize;
  widget_class->measure = op_clock_plot_measure;
  widget_class->snapshot = op_clock_plot_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
op_clock_plot_init (OpClockPlot *self)
{
  self->plot = op_drift_plot_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Offsets of the clock"), -1);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

void
op_clock_plot_set_keeper (OpClockPlot *self, OpClockKeeper *keeper)
{
  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (keeper, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
