#version 3.7;
// One frame of one camera; the clock runs 0 to 1 over one loop. render.py calls it with
// Declare=Place=n   1 city by day   2 motorway at dusk   3 city on a wet night
// Declare=Eye=n     1 front         2 cabin              3 left side            4 rear
global_settings { assumed_gamma 1.0 max_trace_level 6 }

#declare Night = (Place = 3);
#declare Motorway = (Place = 2);
#declare Front = (Eye = 1);
#declare Cabin = (Eye = 2);
#declare Left = (Eye = 3);
#declare Rear = (Eye = 4);
#declare Wet = (Night & !Cabin ? 1 : 0);
#declare Lamps = (Night ? 1 : (Motorway ? 0.7 : 0));
#declare LaneWidth = 3.5;
#declare Period = (Motorway ? 192 : 96);
#declare Ahead = (Motorway ? 480 : 290);
#declare T = 2 * pi * clock;

#if (Night)
  #declare AmbientLevel = 0.05; #declare Asphalt = <0.13, 0.135, 0.145>; #declare PaintWhite = <0.7, 0.7, 0.68>;
  #declare GrassColour = <0.08, 0.11, 0.05>; #declare LeafColour = <0.06, 0.11, 0.04>;
#else #if (Motorway)
  #declare AmbientLevel = 0.24; #declare Asphalt = <0.2, 0.19, 0.195>; #declare PaintWhite = <0.78, 0.74, 0.7>;
  #declare GrassColour = <0.2, 0.2, 0.08>; #declare LeafColour = <0.09, 0.13, 0.05>;
#else
  #declare AmbientLevel = 0.3; #declare Asphalt = <0.27, 0.275, 0.285>; #declare PaintWhite = <0.82, 0.82, 0.8>;
  #declare GrassColour = <0.2, 0.28, 0.09>; #declare LeafColour = <0.14, 0.24, 0.07>;
#end #end

#include "world.inc"
#include "traffic.inc"

#declare Here = Period * clock;
#declare Shake = 0.004 * sin(T * 9 + 0.4) + 0.003 * sin(T * 17) + 0.006 * sin(T * 4 + 1);

// ---------------------------------------------------------------------------------------------------- camera and light
#declare Aspect = 704 / 576;
#switch (Eye)
  #case (1)
    camera { perspective right x * Aspect up y angle 74 location <0.35, 2.3, Here> look_at <0.35 + Shake * 0.4, 2.3 - 0.1 + Shake, Here + 1> }
  #break
  #case (3)
    camera { perspective right x * Aspect up y angle 84 location <-1.72, 2.35, Here + 4.2> look_at <-2.28, 2.35 - 0.24 + Shake * 0.6, Here + 3.2> }
  #break
  #case (4)
    camera { perspective right x * Aspect up y angle 92 location <0, 2.7, Here - 0.1> look_at <0, 2.7 - 0.34 + Shake * 0.6, Here - 1.1> }
  #break
  #else
    camera { perspective right x * Aspect up y angle 66 location <0.12, 2.5, Here + 1.32> look_at <-0.24, 2.27, Here + 0.3> }
#end

#if (Night)
  sky_sphere { pigment { gradient y color_map { [0 rgb <0.055, 0.045, 0.05>] [0.25 rgb <0.014, 0.017, 0.03>] [1 rgb <0.004, 0.006, 0.012>] } } }
  fog { fog_type 2 distance 220 fog_offset 0 fog_alt 9 rgb <0.035, 0.03, 0.03> }
#else #if (Motorway)
  sky_sphere {
    pigment { gradient y color_map { [0 rgb <0.95, 0.5, 0.24>] [0.06 rgb <0.9, 0.52, 0.33>] [0.2 rgb <0.52, 0.45, 0.52>] [0.5 rgb <0.2, 0.26, 0.42>] [1 rgb <0.1, 0.15, 0.3>] } }
    pigment { wrinkles turbulence 0.4 scale <0.9, 0.09, 0.9> color_map { [0 rgbt <0.3, 0.22, 0.28, 0.25>] [0.45 rgbt <0.9, 0.55, 0.4, 0.7>] [0.6 rgbt 1] [1 rgbt 1] } }
  }
  light_source { <-600, 110, 1500> rgb <1.5, 0.85, 0.45> parallel point_at 0 }
  light_source { <200, 900, -600> rgb <0.2, 0.24, 0.34> shadowless }
  fog { fog_type 2 distance 560 fog_offset 4 fog_alt 14 rgb <0.74, 0.46, 0.3> }
#else
  sky_sphere {
    pigment { gradient y color_map { [0 rgb <0.75, 0.8, 0.84>] [0.25 rgb <0.5, 0.64, 0.82>] [1 rgb <0.2, 0.36, 0.68>] } }
    pigment { wrinkles turbulence 0.6 lambda 2.2 scale <0.5, 0.16, 0.5> color_map { [0 rgbt <0.96, 0.96, 0.96, 0.05>] [0.35 rgbt <0.9, 0.91, 0.93, 0.35>] [0.6 rgbt 1] [1 rgbt 1] } }
  }
  light_source { <-230, 720, (Front ? 330 : -330)> rgb <1.3, 1.22, 1.06> parallel point_at 0 }
  light_source { <300, 700, -300> rgb <0.22, 0.25, 0.3> shadowless }
  fog { fog_type 2 distance 420 fog_offset 6 fog_alt 26 rgb <0.7, 0.75, 0.8> }
#end #end

// ---------------------------------------------------------------------------------------------------------------- road
#declare NearZ = Here - 120;
#declare FarZ = Here + Ahead * 2.2;
#macro Stripe(X, Width, Texture) box { <X - Width / 2, -0.1, NearZ>, <X + Width / 2, 0.006, FarZ> texture { Texture } } #end
#macro Dashes(X, Width, Length, Step)
  #local Z = Step * floor((Here - 110) / Step);
  #while (Z < Here + Ahead * 1.4)
    box { <X - Width / 2, -0.1, Z>, <X + Width / 2, 0.006, Z + Length> texture { Paint } }
    #local Z = Z + Step;
  #end
#end
// Places Thing at Z of every period that can be seen.
#macro Everywhere(Thing, X, Z, Turn)
  #local At = Z - Period * 2;
  #while (At < Here + Ahead)
    #if (At > Here - (Front ? 12 : 150)) object { Thing rotate y * Turn translate <X, 0, At> } #end
    #local At = At + Period;
  #end
#end

#declare LeftKerb = (Motorway ? -17.5 : -16.6);
#declare RightKerb = (Motorway ? 6.8 : 5.9);
plane { y, -0.25 texture { Grass } }
box { <LeftKerb, -0.2, NearZ>, <RightKerb, 0, FarZ>
  texture { pigment { average pigment_map { [1 AsphaltGrain] [1 AsphaltWear] } } finish { RoadFinish }
    #if (Wet > 0) normal { average normal_map { [1 bumps 0.10 scale <0.3, 0.3, 0.9>] [1 granite 0.12 scale 0.12] } } #else normal { granite 0.15 scale 0.15 } #end }
  texture { pigment { TyreTracks } finish { ambient 0 diffuse 0.5 } }
}
Dashes(-LaneWidth / 2, 0.15, (Motorway ? 6 : 4), (Motorway ? 16 : 12))
Dashes(LaneWidth / 2, 0.15, (Motorway ? 6 : 4), (Motorway ? 16 : 12))
Stripe(5.25, 0.15, Paint)

#if (Motorway)
  Stripe(-5.25, 0.18, YellowPaint)
  box { <-6.6, -0.1, NearZ>, <-5.7, 0.12, FarZ> texture { Grass } }
  Stripe(-7.1, 0.18, YellowPaint)
  Dashes(-10.6, 0.15, 6, 16)
  Dashes(-14.1, 0.15, 6, 16)
  #declare RailPost = box { <-0.06, -0.2, -0.06>, <0.06, 0.75, 0.06> texture { Steel } }
  #declare K = 0;
  #while (K < Period) Everywhere(RailPost, RightKerb + 0.35, K, 0) Everywhere(RailPost, -6.15, K + 2, 0) #declare K = K + 4; #end
  #macro Rail(X) union { cylinder { <X, 0.5, NearZ>, <X, 0.5, FarZ>, 0.07 } cylinder { <X, 0.66, NearZ>, <X, 0.66, FarZ>, 0.07 } box { <X - 0.03, 0.46, NearZ>, <X + 0.03, 0.7, FarZ> } texture { Steel } } #end
  Rail(RightKerb + 0.27) Rail(-6.23) Rail(LeftKerb - 0.35)
  // embankment, hedge in the middle, hills far away
  #declare K = 0;
  #while (K < Period) Everywhere(object { Bush scale <0.8, 1.15, 1> }, -6.15, K, K * 37) #declare K = K + 1.6; #end
  #declare K = 0;
  #while (K < Period)
    Everywhere(object { TreeB scale Pick(1.2, 2) rotate y * 360 * rand(Roll) }, RightKerb + Pick(4, 11), K + Pick(0, 5), 0)
    Everywhere(object { TreeA scale Pick(0.8, 1.4) rotate y * 360 * rand(Roll) }, RightKerb + Pick(14, 40), K + Pick(0, 5), 0)
    Everywhere(object { TreeB scale Pick(1.1, 1.8) rotate y * 360 * rand(Roll) }, LeftKerb - Pick(5, 12), K + Pick(0, 5), 0)
    Everywhere(object { TreeA scale Pick(1, 1.8) rotate y * 360 * rand(Roll) }, LeftKerb - Pick(14, 40), K + Pick(0, 8), 0)
    #declare K = K + 12;
  #end
  #declare K = 0;
  #while (K < 26)
    sphere { 0, 1 scale <Pick(150, 340), Pick(26, 85), 120> translate <Pick(-1300, 1300), -8, Here + Pick(950, 1250)>
      texture { pigment { bozo scale 0.06 color_map { [0 rgb <0.1, 0.11, 0.07>] [1 rgb <0.2, 0.19, 0.12>] } } finish { ambient 0.2 diffuse 0.5 } } }
    #declare K = K + 1;
  #end
  #declare Sign = union {
    cylinder { <0, -0.2, 0>, <0, 8, 0>, 0.16 } cylinder { <0, 7.6, 0>, <-7, 7.6, 0>, 0.12 } cylinder { <0, 6.6, 0>, <-7, 6.6, 0>, 0.1 }
    box { <-7.2, 5.6, -0.25>, <-1.4, 8.4, -0.15> texture { pigment { rgb <0.02, 0.24, 0.11> } finish { ambient 0.35 diffuse 0.8 } } }
    box { <-7.05, 5.72, -0.27>, <-1.55, 5.77, -0.2> texture { Paint } } box { <-7.05, 8.23, -0.27>, <-1.55, 8.28, -0.2> texture { Paint } }
    #declare K = 0; #while (K < 4) box { <-6.7 + K * 0.95, 7.2, -0.27>, <-6.1 + K * 0.95, 7.85, -0.2> texture { Paint } } #declare K = K + 1; #end
    #declare K = 0; #while (K < 5) box { <-6.7 + K * 0.6, 6.1, -0.27>, <-6.4 + K * 0.6, 6.6, -0.2> texture { Paint } } #declare K = K + 1; #end
    box { <-2.4, 6.0, -0.27>, <-2.15, 7.7, -0.2> texture { Paint } }
    texture { Steel } }
  Everywhere(Sign, RightKerb + 1.2, 120, 0)
#else
  Stripe(-5.25, 0.12, YellowPaint) Stripe(-5.55, 0.12, YellowPaint)
  Dashes(-9.05, 0.15, 4, 12) Dashes(-12.55, 0.15, 4, 12)
  Stripe(-16.0, 0.15, Paint)
  #macro Pavement(From, To)
    box { <From, -0.2, NearZ>, <To, 0.16, FarZ> texture { Paving } }
  #end
  Pavement(RightKerb, RightKerb + 30) Pavement(LeftKerb - 30, LeftKerb)
  box { <RightKerb, -0.2, NearZ>, <RightKerb + 0.3, 0.19, FarZ> texture { Concrete } }
  box { <LeftKerb - 0.3, -0.2, NearZ>, <LeftKerb, 0.19, FarZ> texture { Concrete } }
  #declare K = 0;
  #while (K < Period)
    Everywhere(object { TreeA scale <1, Pick(0.9, 1.2), 1> rotate y * 360 * rand(Roll) }, RightKerb + 2.1, K + 5, 0)
    Everywhere(object { TreeA scale <1.05, Pick(0.9, 1.2), 1.05> rotate y * 360 * rand(Roll) }, LeftKerb - 2.1, K + 11, 0)
    Everywhere(object { Bush scale 0.9 }, RightKerb + 2.0, K + 8.2, K * 41) Everywhere(object { Bush scale 0.8 }, RightKerb + 2.1, K + 9.9, K * 17)
    #declare K = K + 12;
  #end
  #declare K = 0;
  #while (K < Period)
    Everywhere(object { LampPost }, RightKerb + 0.8, K + 10, 180) Everywhere(object { LampPost }, LeftKerb - 0.8, K + 26, 0)
    #if (Night)
      Everywhere(LampHead(<1, 0.72, 0.36>), RightKerb + 0.8, K + 10, 180) Everywhere(LampHead(<1, 0.72, 0.36>), LeftKerb - 0.8, K + 26, 0)
    #end
    #declare K = K + 32;
  #end
  // buildings: fronts of four sorts along each side
  #declare Lit = (Night ? 1 : 0);
  #declare House1 = Facade(21, 24, <0.62, 0.56, 0.48>, 2.6, 3.3, Lit)
  #declare House2 = Facade(15, 39, <0.5, 0.53, 0.56>, 1.9, 3.2, Lit)
  #declare House3 = Facade(24, 18, <0.6, 0.42, 0.34>, 3.0, 3.4, Lit)
  #declare House4 = Facade(18, 46, <0.66, 0.67, 0.66>, 2.2, 3.1, Lit)
  #declare Row1 = Shop(6.5, <0.62, 0.08, 0.06>, Lit) #declare Row2 = Shop(5.5, <0.06, 0.2, 0.42>, Lit) #declare Row3 = Shop(7.5, <0.08, 0.34, 0.18>, Lit)
  #macro Houses(Thing, Width, Z)
    Everywhere(Thing, RightKerb + 11, Z + Width, 90)
    Everywhere(Thing, LeftKerb - 12, Z + 30, -90)
  #end
  Houses(House1, 21, 1) Houses(House2, 15, 25) Houses(House3, 24, 43) Houses(House4, 18, 71)
  Everywhere(Row1, RightKerb + 10.6, 9, 90) Everywhere(Row2, RightKerb + 10.6, 17, 90) Everywhere(Row3, RightKerb + 10.6, 53, 90)
  Everywhere(Row2, RightKerb + 10.6, 61, 90) Everywhere(Row1, RightKerb + 10.6, 80, 90)
  Everywhere(Row3, LeftKerb - 11.6, 33, -90) Everywhere(Row1, LeftKerb - 11.6, 44, -90) Everywhere(Row2, LeftKerb - 11.6, 74, -90)
  // a gantry with direction signs once a period
  #declare Gantry = union {
    cylinder { <RightKerb + 1.2, 0, 0>, <RightKerb + 1.2, 7.4, 0>, 0.16 } cylinder { <RightKerb + 1.2, 7.2, 0>, <-4, 7.2, 0>, 0.1 } cylinder { <RightKerb + 1.2, 6.3, 0>, <-4, 6.3, 0>, 0.08 }
    box { <-3.4, 5.5, -0.22>, <1.2, 7.9, -0.14> texture { pigment { rgb <0.02, 0.12, 0.42> } finish { ambient 0.3 + Lit * 0.15 diffuse 0.7 } } }
    box { <-3.25, 7.0, -0.25>, <-1.3, 7.5, -0.2> texture { Paint } } box { <-0.9, 7.0, -0.25>, <0.9, 7.5, -0.2> texture { Paint } }
    box { <-3.25, 6.2, -0.25>, <-2.0, 6.6, -0.2> texture { Paint } } box { <0.1, 5.8, -0.25>, <0.3, 6.7, -0.2> texture { Paint } } box { <-1.1, 5.8, -0.25>, <-0.9, 6.7, -0.2> texture { Paint } }
    texture { Steel } }
  Everywhere(Gantry, 0, 66, 0)
  // distant towers close the street
  #declare K = 0;
  #while (K < 22)
    object { Facade(26, Pick(40, 110), <Pick(0.4, 0.62), Pick(0.42, 0.6), Pick(0.45, 0.6)>, 4.2, 5, Lit) translate <Pick(-260, 230), 0, Here + Pick(330, 460) * (Front ? 1 : -1)> }
    #declare K = K + 1;
  #end
#end

// ------------------------------------------------------------------------------------------------------------- traffic
#declare Silver = CarBody(<0.62, 0.64, 0.66>) #declare White = CarBody(<0.8, 0.8, 0.78>) #declare Red = CarBody(<0.5, 0.04, 0.03>)
#declare Black = CarBody(<0.03, 0.032, 0.036>) #declare Blue = CarBody(<0.05, 0.12, 0.32>) #declare Taxi = CarBody(<0.05, 0.38, 0.42>)
#declare Van = VanBody(<0.72, 0.72, 0.7>) #declare Lorry = TruckBody(<0.1, 0.22, 0.5>, <0.6, 0.6, 0.58>) #declare RedLorry = TruckBody(<0.55, 0.08, 0.05>, <0.5, 0.36, 0.16>)
#declare Bus = BusBody(<0.1, 0.36, 0.56>)
// Keeps its distance to our vehicle, swaying by Sway metres.
#macro Companion(Thing, X, Distance, Sway, Phase) object { Thing translate <X + 0.12 * sin(T + Phase), 0, Here + Distance + Sway * sin(T + Phase)> } #end
// Passes by: one every Step metres, moving Step * Times metres against our vehicle within the loop.
#macro Passing(Thing, X, Offset, Step, Times, Turn)
  #local D = Offset + Step * Times * clock;
  #local D = D - Step * floor((D + 60) / Step);
  #while (D < Ahead)
    object { Thing rotate y * Turn translate <X, 0, Here + D> }
    #local D = D + Step;
  #end
#end
#macro PassingBehind(Thing, X, Offset, Step, Times, Turn)
  #local D = Offset + Step * Times * clock;
  #local D = D - Step * floor((D + 220) / Step);
  #while (D < 30)
    object { Thing rotate y * Turn translate <X, 0, Here + D> }
    #local D = D + Step;
  #end
#end

// Oncoming lanes, and how often their 192 m spacing passes within a loop.
#declare On1 = (Motorway ? -8.8 : -7.4); #declare On2 = (Motorway ? -12.3 : -10.9); #declare On3 = (Motorway ? -15.8 : -14.3);
#declare Met = (Motorway ? -2 : -1);
#switch (Eye)
  #case (1)
    #if (Motorway)
      Companion(Lorry, 3.5, 46, 5, 1) Companion(White, 0.1, 52, 7, 3) Companion(RedLorry, 3.6, 120, 6, 4) Companion(Black, -3.5, 95, 10, 0)
      Passing(Red, -3.5, 20, 192, 1, 0)
      Passing(Lorry, On3, 100, 192, Met, 180) Passing(White, On1, 30, 192, Met, 180) Passing(Silver, On2, 140, 192, Met, 180) Passing(Bus, On2, 60, 192, Met, 180)
    #else
      #if (Night)
        Companion(Black, 0, 19, 2.2, 0) Companion(Taxi, 3.5, 33, 5, 2) Companion(White, -3.5, 46, 6, 4)
      #else
        Companion(Silver, 0.1, 21, 2.6, 0) Companion(Taxi, -3.4, 37, 5, 2) Companion(Van, 3.6, 48, 4, 4) Companion(Bus, 3.4, 84, 4, 1)
      #end
      Passing(White, On1, 90, 192, Met, 180) Passing(Black, On2, 30, 192, Met, 180) Passing(Bus, On3, 150, 192, Met, 180) Passing(Red, On1, 180, 192, Met, 180)
    #end
  #break
  #case (2)
    PassingBehind(Red, -3.7, -30, 64, 1, 0) PassingBehind(White, On1, 10, 192, Met, 180) PassingBehind(Bus, On2, 100, 192, Met, 180) Companion(Blue, 0, -26, 3, 1)
  #break
  #case (3)
    PassingBehind(Red, -3.7, -40, 64, 1, 0) Companion(Van, -0.1, -24, 3, 0) Companion(Silver, -3.6, -52, 3, 2)
    PassingBehind(White, On1, 10, 192, Met, 180) PassingBehind(Taxi, On2, 120, 192, Met, 180)
  #break
  #case (4)
    Companion(White, 0.1, -13, 1.8, 0) Companion(Lorry, 3.5, -34, 4, 2) Companion(Blue, -3.5, -27, 8, 4)
    PassingBehind(Black, On1, 10, 192, Met, 180) PassingBehind(Taxi, On2, 120, 192, Met, 180) PassingBehind(Bus, On3, 60, 192, Met, 180)
  #break
#end

// ----------------------------------------------------------------------------------------------------------- at night
#if (Night & !Cabin)
  #macro Beam(X, Z, Turn, Strength) light_source { <X, 0.85, Z> rgb <1.1, 1.05, 0.9> * Strength spotlight point_at <X, -0.3, Z + Turn * 22> radius 12 falloff 30 fade_distance 16 fade_power 2 } #end
  #if (Front) Beam(-0.75, Here + 1.5, 1, 2.4) Beam(0.75, Here + 1.5, 1, 2.4) #end
  #if (Rear)
    Beam(0.1, Here - 10.6 + 1.8 * sin(T), 1, 2)
    light_source { <0, 1, Here - 0.6> rgb <0.9, 0.1, 0.06> * 0.8 fade_distance 2 fade_power 2 shadowless }
  #end
  #declare K = (Front ? -1 : -3);
  #while (K < (Front ? 3 : 1))
    #declare Z = 32 * (floor(Here / 32) + K) + 10;
    light_source { <RightKerb - 1.7, 8.8, Z> rgb <1, 0.68, 0.34> * 0.95 fade_distance 9 fade_power 2 shadowless }
    light_source { <LeftKerb + 1.7, 8.8, Z + 16> rgb <1, 0.68, 0.34> * 0.95 fade_distance 9 fade_power 2 shadowless }
    #declare K = K + 1;
  #end
  light_source { <0, 400, 0> rgb <0.015, 0.018, 0.03> shadowless }
#end

// ------------------------------------------------------------------------------------------- what the camera is fixed to
#if (Front)
  union {  // dashboard and wiper, just inside the windscreen
    superellipsoid { <0.3, 0.6> scale <1.5, 0.16, 0.42> translate <0, -0.70, 0.72> }
    superellipsoid { <0.3, 0.5> scale <0.2, 0.06, 0.12> translate <-0.42, -0.55, 0.66> }
    texture { pigment { granite scale 0.02 color_map { [0 rgb 0.012] [1 rgb 0.035] } } finish { ambient AmbientLevel * 0.5 diffuse 0.6 specular 0.08 roughness 0.1 } }
    translate <0.35, 2.3, Here> no_shadow
  }
  union {
    cylinder { <-0.62, -0.55, 1.0>, <0.1, -0.48, 1.02>, 0.008 } cylinder { <0.2, -0.55, 1.0>, <0.78, -0.50, 1.02>, 0.008 }
    texture { Rubber } translate <0.35, 2.3, Here> no_shadow
  }
#end
#if (Left)
  #declare Flank = texture { pigment { gradient y scale 3.4 color_map { [0.30 rgb <0.62, 0.64, 0.66>] [0.31 rgb <0.06, 0.22, 0.5>] [0.36 rgb <0.06, 0.22, 0.5>] [0.37 rgb <0.78, 0.79, 0.8>] } } finish { ambient AmbientLevel diffuse 0.65 specular 0.3 roughness 0.02 reflection { 0.03, 0.22 } } }
  union {
    box { <-1.3, 0.5, Here - 6.2>, <0.2, 3.3, Here + 4.6> texture { Flank translate y * 0 } }
    box { <-1.315, 1.75, Here - 5.8>, <-1.2, 2.75, Here + 3.6> texture { Glazing } }
    #declare K = 0; #while (K < 6) box { <-1.325, 1.7, Here - 5.9 + K * 1.9>, <-1.25, 2.8, Here - 5.78 + K * 1.9> texture { Plastic } } #declare K = K + 1; #end
    object { Wheel(0.5, 0.3) translate <-1.2, 0, Here - 3.6> }
    box { <-1.34, 0.62, Here - 6.2>, <-1.25, 0.7, Here + 4.6> texture { Plastic } }
  }
#end
#if (Rear)
  union {
    superellipsoid { <0.2, 0.4> scale <1.3, 0.16, 0.22> translate <0, 0.72, Here + 0.02> texture { pigment { rgb 0.12 } finish { ambient AmbientLevel diffuse 0.6 specular 0.2 roughness 0.05 } } }
    box { <-1.25, 0.9, Here + 0.02>, <1.25, 2.5, Here + 1> texture { pigment { rgb <0.66, 0.67, 0.68> } finish { ambient AmbientLevel diffuse 0.7 } } }
    box { <-1.3, 0.56, Here - 0.22>, <1.3, 0.66, Here - 0.12> texture { pigment { gradient x scale 0.5 color_map { [0.5 rgb <0.8, 0.08, 0.05>] [0.5 rgb 0.85] } } finish { ambient AmbientLevel diffuse 0.8 } } }
  }
#end
#if (Cabin)
  #include "cabin.inc"
  object { CabinWithDriver translate z * Here }
  #if (Night)
    light_source { <0.3, 2.75, Here + 1.5> rgb 0.62 fade_distance 1.4 fade_power 2 }
    light_source { <-0.4, 2.8, Here + 1.35> rgb 0.28 fade_distance 1.2 fade_power 2 shadowless }
  #else
    light_source { <0.1, 2.75, Here + 0.9> rgb <0.3, 0.31, 0.34> fade_distance 1.5 fade_power 1 shadowless }
  #end
#end
