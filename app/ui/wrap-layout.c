/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/wrap-layout.h"

#define COLUMN_SPACING 12
#define LINE_SPACING   4

struct _OpWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (OpWrapLayout, op_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* The next that takes room, beginning with @child. */
static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
place (GtkWidget *widget, GtkWidget *child, int width, GtkAllocation *at)
{
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    at->x = width - at->x - at->width;
  gtk_widget_size_allocate (child, at, -1);
}

/* Returns the height of all lines. */
static int
flow (GtkWidget *widget, int width, gboolean is_placing)
{
  int x = 0, y = 0, line_height = 0;

  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child != NULL;
       child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      GtkRequisition minimum, natural;
      GtkAllocation at;

      gtk_widget_get_preferred_size (child, &minimum, &natural);
      at.width = MAX (MIN (natural.width, width), minimum.width);
      if (x > 0 && x + at.width > width)
        {
          y += line_height + LINE_SPACING;
          x = line_height = 0;
        }
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, at.width, NULL, &at.height, NULL, NULL);
      at.x = x;
      at.y = y;
      x += at.width + COLUMN_SPACING;
      line_height = MAX (line_height, at.height);
      if (is_placing)
        place (widget, child, width, &at);
    }
  return y + line_height;
}

static GtkSizeRequestMode
op_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
op_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size,
                        int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = flow (widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
      return;
    }
  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child != NULL;
       child = skip_hidden (gtk_widget_get_next_sibling (child)))
    {
      int child_minimum, child_natural;

      gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? COLUMN_SPACING : 0);
    }
}

static void
op_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  flow (widget, width, TRUE);
}

static void
op_wrap_layout_class_init (OpWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = op_wrap_layout_get_request_mode;
  manager_class->measure = op_wrap_layout_measure;
  manager_class->allocate = op_wrap_layout_allocate;
}

static void
op_wrap_layout_init (OpWrapLayout *self)
{
}
