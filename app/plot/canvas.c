/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plot/canvas.h"

#include <math.h>
/* The one header that declares pl_cmd(); it declares some others twice. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
#include <plplotP.h>
#pragma GCC diagnostic pop
#include <string.h>

#define DPI 96
#define NO_STREAM (-1)
/* What is drawn, at the first free place of PLplot's colour map. */
#define PEN 1

struct _OpCanvas
{
  PLINT    stream;
  int      side; /* of PLplot's page, which is a square and only grows: a stream costs some 15 ms */
  int      height;
  cairo_t *cr;
  cairo_matrix_t matrix; /* of @cr before PLplot turned it upside down */
};

/* plinit() would ask on the terminal for another driver. */
static gboolean
has_driver (void)
{
  const char *menu[100] = { NULL }, *names[100] = { NULL };
  const char **menu_list = menu, **name_list = names;
  int n = G_N_ELEMENTS (names);

  plgDevs (&menu_list, &name_list, &n);
  for (int i = 0; i < n; i++)
    {
      if (g_strcmp0 (name_list[i], "extcairo") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
close_stream (OpCanvas *canvas)
{
  if (canvas->stream == NO_STREAM)
    return;
  plsstrm (canvas->stream);
  plend1 ();
  canvas->stream = NO_STREAM;
}

static gboolean
open_stream (OpCanvas *canvas, int size)
{
  int side = 1024;

  while (side < size)
    side *= 2;
  if (canvas->stream != NO_STREAM && side <= canvas->side)
    return TRUE;
  close_stream (canvas);
  plmkstrm (&canvas->stream);
  if (canvas->stream == NO_STREAM)
    return FALSE;
  canvas->side = side;
  plsdev ("extcairo");
  if (!has_driver ())
    {
      close_stream (canvas);
      return FALSE;
    }
  plspage (DPI, DPI, side, side, 0, 0);
  plspause (FALSE);
  plinit ();
  plsfont (PL_FCI_SANS, PL_FCI_UPRIGHT, PL_FCI_MEDIUM);
  return TRUE;
}

/* PLplot takes '#' for the start of a command; its text engine takes control characters for damage. */
static char *
escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *escaped = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '#')
        g_string_append (escaped, "##");
      else
        g_string_append_unichar (escaped, g_unichar_iscntrl (c) ? ' ' : c);
    }
  return g_string_free (escaped, FALSE);
}

OpCanvas *
op_canvas_new (void)
{
  OpCanvas *canvas = g_new0 (OpCanvas, 1);

  canvas->stream = NO_STREAM;
  return canvas;
}

void
op_canvas_free (OpCanvas *canvas)
{
  close_stream (canvas);
  g_free (canvas);
}

gboolean
op_canvas_begin (OpCanvas *canvas, cairo_t *cr, int width, int height)
{
  if (!open_stream (canvas, MAX (width, height)))
    return FALSE;
  canvas->cr = cr;
  canvas->height = height;
  cairo_save (cr);
  cairo_get_matrix (cr, &canvas->matrix);
  /* PLplot's page stands on its bottom edge. */
  cairo_translate (cr, 0, height - canvas->side);
  plsstrm (canvas->stream);
  pl_cmd (PLESC_DEVINIT, cr);
  pladv (0);
  return TRUE;
}

void
op_canvas_end (OpCanvas *canvas)
{
  pleop ();
  cairo_restore (canvas->cr);
  canvas->cr = NULL;
}

cairo_t *
op_canvas_push_cairo (OpCanvas *canvas)
{
  cairo_save (canvas->cr);
  cairo_set_matrix (canvas->cr, &canvas->matrix);
  return canvas->cr;
}

void
op_canvas_pop_cairo (OpCanvas *canvas)
{
  cairo_restore (canvas->cr);
}

void
op_canvas_set_view (OpCanvas *canvas, double left, double top, double right, double bottom)
{
  double side = canvas->side;

  plvpor (left / side, right / side, (canvas->height - bottom) / side, (canvas->height - top) / side);
  plwind (left, right, bottom, top);
}

void
op_canvas_set_pen (OpCanvas *canvas, OpColor color, double width)
{
  plscol0a (PEN, color.rgb >> 16 & 0xff, color.rgb >> 8 & 0xff, color.rgb & 0xff, color.alpha);
  plcol0 (PEN);
  plwidth (width);
}

void
op_canvas_line (OpCanvas *canvas, double x1, double y1, double x2, double y2)
{
  pljoin (x1, y1, x2, y2);
}

void
op_canvas_polyline (OpCanvas *canvas, const double *x, const double *y, guint n)
{
  plline ((PLINT) n, x, y);
}

void
op_canvas_text (OpCanvas *canvas, double x, double y, double justify, gboolean upright, double size, OpColor color,
                const char *text)
{
  g_autofree char *escaped = escape (text);

  op_canvas_set_pen (canvas, color, 1);
  plschr (size * 25.4 / DPI, 1);
  /* The whole page, as text is cut off at the edges too. */
  op_canvas_set_view (canvas, 0, canvas->height - canvas->side, canvas->side, canvas->height);
  plptex (x, y, upright ? 0 : 1, upright ? -1 : 0, justify, escaped);
}

double
op_canvas_measure (OpCanvas *canvas, double size, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  cairo_text_extents_t extents;

  cairo_save (canvas->cr);
  cairo_select_font_face (canvas->cr, "sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (canvas->cr, size);
  cairo_text_extents (canvas->cr, valid, &extents);
  cairo_restore (canvas->cr);
  return extents.x_advance;
}
