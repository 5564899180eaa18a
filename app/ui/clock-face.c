/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/clock-face.h"

#include "app/ui/format.h"

#include <glib/gi18n.h>

struct _OpClockFace
{
  GtkBox    parent_instance;

  GtkLabel *title;
  GtkLabel *time;
  GtkLabel *date;
  GtkLabel *zone;
  GtkLabel *note;
};

G_DEFINE_FINAL_TYPE (OpClockFace, op_clock_face, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static void
op_clock_face_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OpClockFace *self = OP_CLOCK_FACE (object);

  switch (id)
    {
    case PROP_TITLE:
      gtk_label_set_label (self->title, g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
op_clock_face_class_init (OpClockFaceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->set_property = op_clock_face_set_property;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/clock-face.ui");
  gtk_widget_class_bind_template_child (widget_class, OpClockFace, title);
  gtk_widget_class_bind_template_child (widget_class, OpClockFace, time);
  gtk_widget_class_bind_template_child (widget_class, OpClockFace, date);
  gtk_widget_class_bind_template_child (widget_class, OpClockFace, zone);
  gtk_widget_class_bind_template_child (widget_class, OpClockFace, note);
}

static void
op_clock_face_init (OpClockFace *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
op_clock_face_set_time (OpClockFace *self, OpTime time)
{
  g_autofree char *seconds = NULL, *text = NULL, *date = NULL;
  gint32 whole, nsec;

  if (time == OP_TIME_UNKNOWN)
    {
      gtk_label_set_label (self->time, "–");
      gtk_label_set_label (self->date, "");
      return;
    }
  op_time_to_parts (time, &whole, &nsec);
  seconds = op_format_time (time, "%T");
  text = g_strdup_printf ("%s.%02d", seconds, nsec / 10000000);
  date = op_format_time (time, _("%-d %B %Y"));
  gtk_label_set_label (self->time, text);
  gtk_label_set_label (self->date, date);
}

void
op_clock_face_set_note (OpClockFace *self, const char *zone, const char *note)
{
  gtk_label_set_label (self->zone, zone);
  gtk_label_set_label (self->note, note);
}
